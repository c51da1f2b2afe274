"""Makes a stranger's picture safe to forward by drawing its pixels into a new one."""

import asyncio
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from application.ports.support import Screenshot, UnreadableScreenshot

MOST_PIXELS = 40_000_000
"""An 8K screen has 33 million; unpacked and drawn anew, these take some 400 MB for a moment."""

MOST_SCANS = 100
"""A progressive JPEG that cameras and browsers write has some ten; each one goes over all pixels again."""

LONGEST_SIDE = 2560
AT_ONCE = 1
SMALL_ENOUGH = 4_000_000

# Nothing else in a JPEG's data can look like this; in what a camera adds beside it, a few may.
_SCAN = b"\xff\xda"

# Other modes hold no colours that could be mixed, and take little memory.
_MADE_SMALL_WELL = {"L", "LA", "RGB", "RGBA", "CMYK"}

_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError)


class PillowScreenshots:
    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def cleaned(self, upload: bytes, /) -> Screenshot:
        async with self._turns:
            return await asyncio.to_thread(_redrawn, upload)


def _redrawn(upload: bytes) -> Screenshot:
    # Only these two formats are tried: Pillow knows dozens, and each is code that a stranger could reach.
    try:
        picture = Image.open(BytesIO(upload), formats=("PNG", "JPEG"))
    except UnidentifiedImageError as error:
        raise UnreadableScreenshot("not-a-picture") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnreadableScreenshot("too-many-pixels") from error
    except _UNREADABLE as error:
        raise UnreadableScreenshot("broken") from error
    with picture:
        # The header says so; nothing is unpacked yet.
        if picture.width * picture.height > MOST_PIXELS:
            raise UnreadableScreenshot("too-many-pixels")
        if picture.format == "JPEG" and upload.count(_SCAN) > MOST_SCANS:
            raise UnreadableScreenshot("broken")
        try:
            return _written(_pixels_of(picture), lossless=picture.format == "PNG")
        except _UNREADABLE as error:
            raise UnreadableScreenshot("broken") from error


def _pixels_of(picture: Image.Image) -> Image.Image:
    """The picture upright and on white, without anything that came with it."""
    # Made small before it is copied: each copy of a large one takes as much memory again.
    if picture.mode in _MADE_SMALL_WELL:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    # Pillow can't go from CMYK to RGBA in one step.
    upright = (upright.convert("RGB") if upright.mode == "CMYK" else upright).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = Image.new("RGB", upright.size, "white")
    drawn.paste(upright, mask=upright.getchannel("A"))
    return drawn


def _written(drawn: Image.Image, *, lossless: bool) -> Screenshot:
    if lossless:
        content = _bytes(drawn, "PNG")
        if len(content) <= SMALL_ENOUGH:
            return Screenshot(content, "png")
    return Screenshot(_bytes(drawn, "JPEG"), "jpeg")


def _bytes(drawn: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    drawn.save(target, kind, optimize=kind == "PNG", quality=82)
    return target.getvalue()
