"""我的客户: the wealth manager's own customers, listed and searched in the chat."""
