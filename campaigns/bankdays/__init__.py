"""Bank days: on which days the bank works, holidays and their make-up days included."""
