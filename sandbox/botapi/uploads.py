"""Files: what bots upload or name by file_id, and what people send."""

import base64
import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from sandbox.errors import bad_request
from sandbox.model import StoredFile
from sandbox.world import World

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOCUMENT = 50 * 1024 * 1024
LONGEST_SIDES = 10_000
STEEPEST_RATIO = 20


@dataclass(frozen=True)
class Upload:
    """One uploaded part of a multipart form."""

    name: str
    content: bytes
    mime_type: str


def file_of(world: World, files: dict[str, Upload], field: str, value: str | None, *, photo: bool) -> StoredFile:
    """Return the stored file that a parameter names: an upload, `attach://part`, or a file_id."""
    part = value.removeprefix("attach://") if value and value.startswith("attach://") else field
    if upload := files.get(part):
        return store(world, upload, photo=photo)
    if not value:
        raise bad_request(f"there is no {field} in the request")
    if value.startswith("attach://"):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = world.state.files.get(value)
    if known is None:
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    if photo != bool(known.width):
        raise bad_request("wrong type of the web page content" if photo else "can't use file of type Photo as Document")
    return known


def store(world: World, upload: Upload, *, photo: bool) -> StoredFile:
    """Keep an uploaded file and return its record; Telegram's 400 for an empty or unusable one."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > (LARGEST_PHOTO if photo else LARGEST_DOCUMENT):
        raise bad_request("file is too big")
    width, height = _sides(upload.content) if photo else (0, 0)
    digest = hashlib.sha256(upload.content + upload.name.encode() + bytes([photo])).digest()
    unique_id = base64.urlsafe_b64encode(digest[:9]).decode()
    file_id = ("AgAC" if photo else "BQAC") + base64.urlsafe_b64encode(digest[:27]).decode()
    number = len(world.state.files) + 1
    path = f"photos/file_{number}.jpg" if photo else f"documents/file_{number}"
    stored = StoredFile(file_id, unique_id, path, len(upload.content), upload.mime_type, upload.name, width, height)
    world.contents.setdefault(file_id, upload.content)
    return world.state.files.setdefault(file_id, stored)


def _sides(content: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError) as fault:
        raise bad_request("IMAGE_PROCESS_FAILED") from fault
    if width + height > LONGEST_SIDES or max(width, height) > STEEPEST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
