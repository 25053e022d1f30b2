"""Group to-dos (群待办): one pinned card, done or not done by each person, never taken back."""
