"""Chat routers, one file per feature; they match, ask a service and return the reply."""
