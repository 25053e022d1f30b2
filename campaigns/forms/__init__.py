"""Forms that staff fill in as YAML, for tasks and quizzes: one reader, one list of what can be wrong."""
