"""Referrals (老带新): both sides are rewarded once the new one is a real customer; what looks wrong is held."""
