"""效果: whether a promotion worked, held against those who heard nothing, its targets and its cost; what to do next."""
