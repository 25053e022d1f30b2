"""FastAPI routers, one file per feature."""
