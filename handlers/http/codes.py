"""QR codes inside an answer: drawn beside the event loop, after the transaction, so that nobody waits for a picture."""

import asyncio
from base64 import b64encode


async def drawn(link: str) -> str:
    """A link as a QR code, for an image's address."""
    picture = await asyncio.to_thread(_draw, link)
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def _draw(link: str) -> bytes:
    from handlers.pictures.codes import code_png

    return code_png(link)
