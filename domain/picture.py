"""Pictures that a host shows beside their name."""

from typing import Final, Literal, NewType

from domain.errors import NotFound

PictureKind = Literal["photo", "logo"]

PICTURE_KINDS: Final[tuple[PictureKind, ...]] = ("photo", "logo")

PictureDigest = NewType("PictureDigest", str)
"""Names what a picture shows; another picture has another one."""

LARGEST_PICTURE = 8 * 1024**2
"""In bytes, as it is uploaded; a phone's photo has some five megabytes."""


def picture_kind(text: str) -> PictureKind:
    """Raises NotFound for what a host can't show."""
    for kind in PICTURE_KINDS:
        if kind == text:
            return kind
    raise NotFound("address")
