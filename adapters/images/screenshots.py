"""Makes a stranger's picture safe to forward by drawing its pixels into a new one."""

from io import BytesIO

from PIL import Image, ImageOps

from adapters.images.reading import make_smaller, on_white, opened, with_transparency
from application.ports.support import Screenshot

LONGEST_SIDE = 2560
SMALL_ENOUGH = 4_000_000


def redrawn(upload: bytes) -> Screenshot:
    """Draw a screenshot anew.

    Raises:
        UnreadableUpload
    """
    with opened(upload, ("PNG", "JPEG"), "not-a-picture") as picture:
        return _written(_pixels_of(picture), lossless=picture.format == "PNG")


def _pixels_of(picture: Image.Image) -> Image.Image:
    """The picture upright and on white, without anything that came with it."""
    box = (LONGEST_SIDE, LONGEST_SIDE)
    make_smaller(picture, box)
    upright = with_transparency(ImageOps.exif_transpose(picture))
    upright.thumbnail(box)
    return on_white(upright)


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
