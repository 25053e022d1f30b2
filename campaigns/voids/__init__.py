"""作废: stamps that staff take back, with a reason, and what that means for the medals they had reached."""
