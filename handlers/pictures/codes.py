"""QR codes as pictures for the chat."""

import io

SCALE, QUIET = 8, 4  # Pixels per module; the quiet zone that ISO/IEC 18004 asks for, in modules.


def code_png(content: str) -> bytes:
    """A QR code as PNG, with a quarter of it to spare for a scratched screen (level Q)."""
    import segno

    drawn = io.BytesIO()
    segno.make(content, error="q", micro=False).save(drawn, kind="png", scale=SCALE, border=QUIET)
    return drawn.getvalue()
