"""状态不明: deliveries in doubt are told to those who may settle them."""
