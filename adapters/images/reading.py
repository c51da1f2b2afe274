"""Opens a stranger's picture within bounds."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from application.ports.pictures import UnreadableUpload
from domain.faults import PictureFault

MOST_PIXELS = 40_000_000
"""An 8K screen has 33 million; unpacked and drawn anew, these take some 400 MB for a moment."""

MOST_PIXELS_OF_WEBP = 16_000_000
"""It may move, so several whole copies are in memory at once; what phones and programs write has fewer."""

MOST_SCANS = 100
"""A progressive JPEG that cameras and browsers write has some ten; each one goes over all pixels again."""

# Nothing else in a JPEG's data can look like this; in what a camera adds beside it, a few may.
_SCAN = b"\xff\xda"

# Other modes hold no colours that could be mixed, and take little memory.
_MADE_SMALL_WELL = {"L", "LA", "RGB", "RGBA", "CMYK"}

_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError)


@contextmanager
def opened(upload: bytes, formats: Sequence[str], otherwise: PictureFault) -> Generator[Image.Image]:
    """A picture that isn't unpacked yet; what fails inside is its fault.

    Args:
        formats: the only ones tried: Pillow knows dozens, and each is code that a stranger could reach.
        otherwise: the fault of a file in none of them.

    Raises:
        UnreadableUpload
    """
    try:
        picture = Image.open(BytesIO(upload), formats=tuple(formats))
    except UnidentifiedImageError as error:
        raise UnreadableUpload(otherwise) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnreadableUpload("too-many-pixels") from error
    except _UNREADABLE as error:
        raise UnreadableUpload("broken") from error
    with picture:
        # The header says so; nothing is unpacked yet.
        most = MOST_PIXELS_OF_WEBP if picture.format == "WEBP" else MOST_PIXELS
        if picture.width * picture.height > most:
            raise UnreadableUpload("too-many-pixels")
        if picture.format == "JPEG" and upload.count(_SCAN) > MOST_SCANS:
            raise UnreadableUpload("broken")
        try:
            yield picture
        except _UNREADABLE as error:
            raise UnreadableUpload("broken") from error


def make_smaller(picture: Image.Image, box: tuple[int, int]) -> None:
    """Fit a picture into a box before it is copied: each copy of a large one takes as much memory again."""
    if picture.mode in _MADE_SMALL_WELL:
        picture.thumbnail(box)


def with_transparency(picture: Image.Image) -> Image.Image:
    # Pillow can't go from CMYK to RGBA in one step.
    return (picture.convert("RGB") if picture.mode == "CMYK" else picture).convert("RGBA")


def on_white(picture: Image.Image) -> Image.Image:
    """A new picture of the same pixels, without anything that came with it."""
    drawn = Image.new("RGB", picture.size, "white")
    drawn.paste(picture, mask=picture.getchannel("A"))
    return drawn
