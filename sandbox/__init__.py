"""A Telegram in a box: a Bot API server and the people who chat through it, for trials and tests."""
