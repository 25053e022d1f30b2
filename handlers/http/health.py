"""Signs of life for the operator: health, readiness, metrics."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


def health_router(is_ready: Callable[[], Awaitable[bool]]) -> APIRouter:
    """Pages that a supervisor and a monitoring system ask; `is_ready` says whether the database answers."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> dict[str, str]:
        """The process is alive."""
        return {"status": "alive"}

    @router.get("/ready")
    async def ready(response: Response) -> dict[str, str]:
        """The process can work: its database answers."""
        if await is_ready():
            return {"status": "ready"}
        response.status_code = 503
        return {"status": "no database"}

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus' text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
