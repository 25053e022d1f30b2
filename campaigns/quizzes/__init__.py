"""Quizzes: riddles (猜灯谜) and guesses of results (竞猜) with points for those who are right."""
