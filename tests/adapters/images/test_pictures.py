"""A host's photo and logo, drawn anew from whatever was uploaded."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from adapters.images.pictures import LOGO_BOX, MAIL_HEIGHT, MARGINS, PHOTO_SIDE
from adapters.images.pillow import PillowPictures
from application.ports.pictures import Picture, UnreadableUpload
from tests.adapters.images.pictures import GREEN, RED, SECRET, a_bomb, a_picture, a_picture_of_many_scans, is_near

SCRIPT = b"<script>alert(1)</script>"


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def sizes(picture: Picture) -> tuple[tuple[str | None, tuple[int, int]], ...]:
    drawn = opened(picture.webp), opened(picture.jpeg)
    return tuple((each.format, each.size) for each in drawn)


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGB"),
])  # fmt: skip
async def test_a_photo_becomes_a_square_for_pages_and_one_for_mails(kind: str, mode: str) -> None:
    photo = await PillowPictures().drawn(a_picture(kind, (900, 600), mode), "photo")

    assert (("WEBP", (PHOTO_SIDE, PHOTO_SIDE)), ("JPEG", (MAIL_HEIGHT, MAIL_HEIGHT))) == sizes(photo)


async def test_a_small_photo_is_not_blown_up_on_pages() -> None:
    photo = await PillowPictures().drawn(a_picture("PNG", (40, 20)), "photo")

    assert (("WEBP", (20, 20)), ("JPEG", (MAIL_HEIGHT, MAIL_HEIGHT))) == sizes(photo)


async def test_a_logo_keeps_its_shape_and_what_is_transparent() -> None:
    upload = BytesIO()
    Image.new("RGBA", (1200, 300), (200, 30, 30, 0)).save(upload, "PNG")

    logo = await PillowPictures().drawn(upload.getvalue(), "logo")

    assert (("WEBP", (LOGO_BOX[0], 120)), ("JPEG", (288 + 2 * MARGINS["logo"], MAIL_HEIGHT))) == sizes(logo)
    assert (0, 0) == opened(logo.webp).getchannel("A").getextrema()
    assert is_near((255, 255, 255), opened(logo.jpeg).getpixel((180, 48)))


async def test_a_photo_is_turned_the_way_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    made = await PillowPictures().drawn(a_picture("JPEG", (600, 600), exif=exif), "photo")

    photo = opened(made.webp).convert("RGB")
    assert is_near(GREEN, photo.getpixel((250, 128)))
    assert is_near(RED, photo.getpixel((5, 128)))


async def test_only_pixels_are_left() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    for kind in ("PNG", "JPEG", "WEBP"):
        upload = a_picture(kind, exif=exif, icc_profile=SECRET) + SCRIPT
        assert SECRET in upload

        for made in (await PillowPictures().drawn(upload, "photo"), await PillowPictures().drawn(upload, "logo")):
            for content in (made.webp, made.jpeg):
                assert not any(each in content for each in (SECRET, SCRIPT, b"Exif", b"EXIF", b"ICC"))


async def test_of_a_picture_that_moves_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (300, 300), colour) for colour in (RED, GREEN)]
    for kind in ("PNG", "WEBP"):
        upload = BytesIO()
        frames[0].save(upload, kind, save_all=True, append_images=frames[1:])

        photo = opened((await PillowPictures().drawn(upload.getvalue(), "photo")).webp)

        assert 1 == getattr(photo, "n_frames", 1)
        assert is_near(RED, photo.convert("RGB").getpixel((100, 100)))


async def test_the_same_upload_makes_the_same_picture_and_another_another() -> None:
    async def digest(upload: bytes) -> str:
        return (await PillowPictures().drawn(upload, "photo")).digest

    assert await digest(a_picture("PNG")) == await digest(a_picture("PNG") + SCRIPT)
    assert await digest(a_picture("PNG")) != await digest(a_picture("PNG", (40, 40)))


async def why(upload: bytes, kind: Any = "photo") -> str:
    with pytest.raises(UnreadableUpload) as refusal:
        await PillowPictures().drawn(upload, kind)
    return refusal.value.why


@pytest.mark.parametrize(
    "upload",
    [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x00\x00\x00\x18ftypheic" + bytes(40),
     a_picture("GIF"), a_picture("BMP"), a_picture("TIFF")],
    ids=["empty", "text", "svg", "heic", "gif", "bmp", "tiff"],
)  # fmt: skip
async def test_another_format_is_named(upload: bytes) -> None:
    assert "not-png-jpeg-webp" == await why(upload)


@pytest.mark.parametrize(
    "upload",
    [b"\x89PNG\r\n\x1a\n", a_picture("PNG", (300, 300))[:90], a_picture("JPEG")[:300], a_picture("WEBP")[:-20],
     a_picture_of_many_scans()],
    ids=["png's head", "half a png", "half a jpeg", "half a webp", "many scans"],
)  # fmt: skip
async def test_what_is_damaged_is_refused(upload: bytes) -> None:
    assert await why(upload) in {"broken", "not-png-jpeg-webp"}


def a_webp_bomb() -> bytes:
    """A header that announces 16,384 by 16,384 pixels, and nothing behind it."""
    header = b"VP8X" + (10).to_bytes(4, "little") + bytes(4) + b"\xff\x3f\x00" * 2
    return b"RIFF" + (4 + len(header)).to_bytes(4, "little") + b"WEBP" + header


async def test_bombs_are_not_unpacked() -> None:
    assert "too-many-pixels" == await why(a_bomb())
    assert await why(a_webp_bomb()) in {"too-many-pixels", "not-png-jpeg-webp", "broken"}
