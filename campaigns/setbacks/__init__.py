"""受阻: one of many things that are due cannot go on; it rests for a while, and the others do not wait for it."""
