"""体验区预约: who comes to which zone when; places are few and given once."""
