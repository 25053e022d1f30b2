"""彩排: an event played before its day, by simulated visitors with different patience, cheats among them."""
