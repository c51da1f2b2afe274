"""Draws hosts' photos and logos anew, for pages and for mails."""

from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps

from adapters.images.reading import make_smaller, on_white, opened, with_transparency
from application.ports.pictures import Picture
from domain.picture import PictureDigest, PictureKind

PHOTO_SIDE = 256
LOGO_BOX = (480, 160)
"""For pages: twice as many pixels as a page gives them, since phones show two in the place of one."""

MAIL_HEIGHT = 96
MAIL_WIDTH = 360
"""For mails: all have one height, from which mail programs work out the width."""

MARGINS: dict[PictureKind, int] = {"photo": 0, "logo": 12}
"""Of white, since mails have coloured headers."""


def drawn(upload: bytes, kind: PictureKind) -> Picture:
    """Draw a picture anew.

    Raises:
        UnreadableUpload
    """
    with opened(upload, ("PNG", "JPEG", "WEBP"), "not-png-jpeg-webp") as picture:
        new = _square(picture) if kind == "photo" else _boxed(picture)
        webp = BytesIO()
        new.save(webp, "WEBP", quality=85, method=6)
        jpeg = BytesIO()
        _for_mail(new, MARGINS[kind]).save(jpeg, "JPEG", quality=88, subsampling=0, optimize=True)
    digest = sha256(webp.getvalue() + jpeg.getvalue()).hexdigest()[:32]
    return Picture(PictureDigest(digest), webp.getvalue(), jpeg.getvalue())


def _square(picture: Image.Image) -> Image.Image:
    """The middle of a photo: faces are rarely at the edge."""
    shorter, longer = sorted(picture.size)
    if shorter > PHOTO_SIDE:
        side = -(-PHOTO_SIDE * longer // shorter)
        make_smaller(picture, (side, side))
    upright = ImageOps.exif_transpose(picture)
    side = min(PHOTO_SIDE, *upright.size)
    return on_white(ImageOps.fit(with_transparency(upright), (side, side)))


def _boxed(picture: Image.Image) -> Image.Image:
    """The whole logo, with what is transparent."""
    # It may have to be turned yet.
    make_smaller(picture, (max(LOGO_BOX), max(LOGO_BOX)))
    upright = with_transparency(ImageOps.exif_transpose(picture))
    upright.thumbnail(LOGO_BOX)
    drawn = Image.new("RGBA", upright.size)
    drawn.paste(upright)
    return drawn


def _for_mail(drawn: Image.Image, margin: int) -> Image.Image:
    """On white, and in the middle of as much white as it takes to be as high as all."""
    made = drawn.convert("RGBA")
    made.thumbnail((MAIL_WIDTH - 2 * margin, MAIL_HEIGHT - 2 * margin))
    framed = Image.new("RGBA", (max(made.width + 2 * margin, MAIL_HEIGHT), MAIL_HEIGHT))
    framed.paste(made, ((framed.width - made.width) // 2, (MAIL_HEIGHT - made.height) // 2))
    return on_white(framed)
