"""Group-buys (团购): a chain with stages that forms or fails, in several groups of one campaign."""
