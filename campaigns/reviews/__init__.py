"""审核: what a second person reads of a promotion before anybody else does, and what becomes of it."""
