"""Earning points: rules of a campaign that pay members for what they do, once or once a day."""
