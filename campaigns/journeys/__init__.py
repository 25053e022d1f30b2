"""Journeys 旅程: what follows when something happens to a customer: waits, branches, words, tasks, ends."""
