"""财商小游戏: a short game about money that a group shares; who came by which group is counted."""
