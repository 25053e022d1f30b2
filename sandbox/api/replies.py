"""How the person's side finds the running box and answers."""

import json
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request
from fastapi.responses import Response

from sandbox.box import Box


async def box_of(request: Request) -> Box:
    """Return the running box."""
    box: Box = request.app.state.box
    return box


TheBox: TypeAlias = Annotated[Box, Depends(box_of)]


def answer(content: Any, status: int = 200) -> Response:
    """Return the content as JSON, without passing it through a model."""
    return Response(json.dumps(content, ensure_ascii=False).encode(), status, media_type="application/json")
