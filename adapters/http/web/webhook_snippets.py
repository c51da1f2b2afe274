"""Programs that verify a webhook's signature, to be copied."""

from functools import cache
from pathlib import Path

import msgspec

_FOLDER = Path(__file__).parent / "snippets"


class Snippet(msgspec.Struct, frozen=True):
    """`key` names it in an address, `name` is the language's."""

    key: str
    name: str
    text: str


@cache
def snippets() -> tuple[Snippet, ...]:
    languages = (("python", "Python"), ("node", "Node.js"), ("php", "PHP"))
    return tuple(Snippet(key, name, (_FOLDER / f"{key}.txt").read_text("utf-8").rstrip()) for key, name in languages)
