"""Questions that no reviewed entry answers: an owner, a clock, and whether the answer helped."""
