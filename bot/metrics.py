"""What the operator's monitoring reads (Prometheus)."""

from prometheus_client import Counter, Gauge, Histogram

UPDATES = Counter("updates_total", "Updates worked on, by outcome", ["outcome"])
UPDATE_SECONDS = Histogram("update_seconds", "From the inbox to the committed transaction and the reply")
REPLIES_LOST = Counter("replies_lost_total", "Immediate replies that the platform did not take")
DELIVERIES = Counter("deliveries_total", "Attempts to deliver, by the state that followed", ["state"])
UNKNOWN = Gauge("deliveries_unknown", "Deliveries that a person must resolve")
LEADER = Gauge("leader", "1 while this process holds the bot's lock")
