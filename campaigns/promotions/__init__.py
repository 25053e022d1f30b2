"""营销活动: a campaign's life from a draft to its evaluation, version by version, and whom it reaches."""
