"""The task planet (财富星球): tasks that earn points, check-ins with streaks, and a card of one's progress."""
