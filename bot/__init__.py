"""The running machine: settings, wiring, poller, inbox, sender, clock."""
