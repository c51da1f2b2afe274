"""JSON of structs in which sentences stand."""

from typing import Any

import msgspec


def _plain(value: object) -> str:
    """A sentence is a `str` of a type of its own, which msgspec leaves to whoever made the type."""
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError


json_bytes = msgspec.json.Encoder(enc_hook=_plain).encode


def json_members(struct: msgspec.Struct) -> dict[str, Any]:
    """What the struct's JSON holds, by the names of its members."""
    return msgspec.to_builtins(struct, enc_hook=_plain)
