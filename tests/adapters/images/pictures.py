"""Pictures that people send, good and bad."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

from adapters.images.reading import MOST_SCANS

RED, GREEN = (200, 30, 30), (30, 200, 30)
SECRET = b"52.5200N"


def a_picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    """Red, with a green upper half."""
    picture = Image.new("RGB", size, RED)
    picture.paste(GREEN, (0, 0, size[0], size[1] // 2))
    target = BytesIO()
    picture.convert(mode).save(target, kind, **options)
    return target.getvalue()


def is_near(colour: tuple[int, int, int], found: Any) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(colour, found, strict=True))


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
