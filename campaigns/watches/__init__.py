"""风险监测: each day's look at what makes a campaign or a customer risky; compliance hears of it, sends are held."""
