"""QR codes as pictures, for the chat and for screens."""

import io

SCALE, QUIET = 8, 4  # Pixels per module; the quiet zone that ISO/IEC 18004 asks for, in modules.


def code_png(content: str) -> bytes:
    """A QR code as PNG, with a quarter of it to spare for a scratched screen (level Q)."""
    import segno

    drawn = io.BytesIO()
    segno.make(content, error="q", micro=False).save(drawn, kind="png", scale=SCALE, border=QUIET)
    return drawn.getvalue()


def code_svg(content: str) -> bytes:
    """A QR code as SVG for a screen, sharp at any size and readable from afar (level M: fewer, larger modules)."""
    import segno

    drawn = io.BytesIO()
    segno.make(content, error="m", micro=False).save(drawn, kind="svg", border=QUIET, omitsize=True, light="#fff")
    return drawn.getvalue()
