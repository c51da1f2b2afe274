"""Reads providers' answers into structs that name what is kept."""

from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

# A token goes into a header: anything but visible ASCII there is an injection or a mistake.
Token = Annotated[str, msgspec.Meta(pattern=r"^[!-~]+\Z")]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class Tokens(msgspec.Struct, frozen=True):
    """A token endpoint's answer. Zoom's `api_url` is left out: following it would send tokens wherever it says."""

    access_token: Token
    expires_in: Annotated[int, msgspec.Meta(ge=1, le=31_536_000)]
    refresh_token: Token | None = None
    scope: str | None = None
    id_token: str | None = None

    def __repr__(self) -> str:
        return "Tokens(…)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def read(body: bytes, type_: type[T]) -> T | None:
    """Read a JSON body; None for anything else that a provider or a gateway before it may send: XML, HTML, nothing."""
    try:
        return msgspec.json.decode(body, type=type_, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
