"""A picture from a stranger: what of it goes on to the operator."""

from io import BytesIO

import pytest
from PIL import Image

from adapters.images.pillow import PillowScreenshots
from adapters.images.screenshots import LONGEST_SIDE
from application.ports.pictures import UnreadableUpload
from application.ports.support import Screenshot
from tests.adapters.images.pictures import GREEN, RED, SECRET, a_bomb, a_picture, a_picture_of_many_scans, is_near


def opened(screenshot: Screenshot) -> Image.Image:
    return Image.open(BytesIO(screenshot.content))


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
