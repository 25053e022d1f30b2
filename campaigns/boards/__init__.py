"""看板: an event as its organiser sees it now, with what will run out when, and notices to those who are there."""
