"""Readable shades of a host's colour.

The colour itself is a ground: of a button, of a mail's header. As text or as a line it is darkened on light surfaces
and lightened on dark ones until it can be read. All by the contrast ratio of WCAG 2.2.
"""

import msgspec

READABLE = 4.5
"""The least contrast of text, WCAG 2.2 §1.4.3."""

_WHITE = "#ffffff"
_BLACK = "#000000"
_STEPS = 100

# The surfaces that text in the colour stands on: the darkest of the light pages, and the lightest of the dark ones.
_LIGHT_GROUND = "#eaf0ee"
_DARK_GROUND = "#20302d"


class Brand(msgspec.Struct, frozen=True):
    """A host's colour as `#rrggbb`, in small letters, as `domain.booking_page.rgb` leaves it."""

    color: str

    @property
    def on_color(self) -> str:
        """Text upon the colour: white where that can be read, else black, which then always can."""
        return _WHITE if contrast(self.color, _WHITE) >= READABLE else _BLACK

    @property
    def pressed(self) -> str:
        """The colour of a button under the pointer: further away from its text."""
        return mixed(self.color, _BLACK if self.on_color == _WHITE else _WHITE, 0.14)

    @property
    def on_light(self) -> str:
        """Text and lines in the colour, on a light page and on `tint_on_light`."""
        return _readable(self.color, _BLACK, _LIGHT_GROUND, self.tint_on_light)

    @property
    def on_dark(self) -> str:
        """Text and lines in the colour, on a dark page and on `tint_on_dark`."""
        return _readable(self.color, _WHITE, _DARK_GROUND, self.tint_on_dark)

    @property
    def strong_on_light(self) -> str:
        """The same once more, for what is pointed at."""
        return mixed(self.on_light, _BLACK, 0.18)

    @property
    def strong_on_dark(self) -> str:
        return mixed(self.on_dark, _WHITE, 0.25)

    @property
    def tint_on_light(self) -> str:
        """A soft ground for what is chosen."""
        return mixed(_WHITE, self.color, 0.12)

    @property
    def tint_on_dark(self) -> str:
        return mixed("#14201e", self.color, 0.2)


def contrast(one: str, other: str) -> float:
    """How well two colours stand out from each other, from 1 to 21; WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """A colour with a share, from 0 to 1, of another one in it."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in parts)


def _readable(color: str, towards: str, *grounds: str) -> str:
    """The colour itself where it can be read on every ground, else the nearest shade of it that can."""
    for step in range(_STEPS):
        shade = mixed(color, towards, step / _STEPS)
        if all(contrast(shade, ground) >= READABLE for ground in grounds):
            return shade
    return towards


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's curve


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
