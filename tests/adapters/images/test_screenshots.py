"""A picture from a stranger: what of it goes on to the operator."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from adapters.images.pillow import PillowScreenshots
from adapters.images.reading import MOST_SCANS
from adapters.images.screenshots import LONGEST_SIDE
from application.ports.pictures import UnreadableUpload
from application.ports.support import Screenshot

RED, GREEN = (200, 30, 30), (30, 200, 30)
SECRET = b"52.5200N"


def a_picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    """Red, with a green upper half."""
    picture = Image.new("RGB", size, RED)
    picture.paste(GREEN, (0, 0, size[0], size[1] // 2))
    target = BytesIO()
    picture.convert(mode).save(target, kind, **options)
    return target.getvalue()


def opened(screenshot: Screenshot) -> Image.Image:
    return Image.open(BytesIO(screenshot.content))


def is_near(colour: tuple[int, int, int], found: Any) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(colour, found, strict=True))


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "RGB"), ("JPEG", "L"),
    ("JPEG", "CMYK"),
])  # fmt: skip
async def test_a_picture_keeps_its_size_and_kind(kind: str, mode: str) -> None:
    screenshot = await PillowScreenshots().cleaned(a_picture(kind, mode=mode))

    assert kind.lower() == screenshot.kind
    assert ((40, 20), kind) == (opened(screenshot).size, opened(screenshot).format)


async def test_a_picture_keeps_its_colours() -> None:
    for kind in ("PNG", "JPEG"):
        picture = opened(await PillowScreenshots().cleaned(a_picture(kind)))
        assert is_near(GREEN, picture.getpixel((10, 4)))
        assert is_near(RED, picture.getpixel((10, 16)))


async def test_only_pixels_are_left() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    for kind in ("PNG", "JPEG"):
        upload = a_picture(kind, exif=exif) + SECRET
        assert SECRET in upload

        screenshot = await PillowScreenshots().cleaned(upload)

        assert SECRET not in screenshot.content
        assert b"Exif" not in screenshot.content
        assert b"eXIf" not in screenshot.content


async def test_a_photo_is_turned_the_way_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    picture = opened(await PillowScreenshots().cleaned(a_picture("JPEG", exif=exif)))

    assert (20, 40) == picture.size
    assert is_near(GREEN, picture.getpixel((16, 20)))


async def test_a_picture_of_a_whole_wall_is_made_smaller() -> None:
    picture = opened(await PillowScreenshots().cleaned(a_picture("PNG", (5120, 1440))))

    assert (LONGEST_SIDE, 720) == picture.size


async def test_a_large_photo_is_turned_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    picture = opened(await PillowScreenshots().cleaned(a_picture("JPEG", (4000, 2000), exif=exif)))

    assert (LONGEST_SIDE // 2, LONGEST_SIDE) == picture.size
    assert is_near(GREEN, picture.getpixel((1200, 20)))


async def test_a_progressive_photo_is_taken() -> None:
    screenshot = await PillowScreenshots().cleaned(a_picture("JPEG", progressive=True))

    assert "jpeg" == screenshot.kind


def a_picture_of_many_scans() -> bytes:
    """A progressive JPEG that goes over its pixels again and again: an hour's work if it is large."""
    picture = a_picture("JPEG", progressive=True)
    last = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + last * (MOST_SCANS + 1) + picture[-2:]


def a_bomb() -> bytes:
    """A PNG of 60,000 by 60,000 pixels in a few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        a_picture("PNG")[:60],
        a_picture("JPEG")[:300],
        a_picture("GIF"),
        a_picture("BMP"),
        a_picture("TIFF"),
        a_picture("PNG", (10_000, 5_000), "1"),
        a_bomb(),
        a_picture_of_many_scans(),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "png's head",
        "half a png",
        "half a jpeg",
        "gif",
        "bmp",
        "tiff",
        "50 megapixels",
        "bomb",
        "many scans",
    ],
)
async def test_what_cannot_be_shown_is_refused_in_words(upload: bytes) -> None:
    with pytest.raises(UnreadableUpload) as refusal:
        await PillowScreenshots().cleaned(upload)

    assert refusal.value.why in {"not-a-picture", "too-many-pixels", "broken"}
