"""Games: what a visitor does at a booth before it gives its stamp; pure, played by any door."""
