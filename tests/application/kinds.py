"""What a failure is, as the mission sorts them."""

from enum import Enum, auto


class Kind(Enum):
    PERMANENT = auto()
    TEMPORARY = auto()
    DAILY = auto()
    OURS = auto()
    UNCLEAR = auto()
    NONE = auto()
