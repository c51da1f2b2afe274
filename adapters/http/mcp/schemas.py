"""JSON Schemas of tools' arguments and results, each whole in itself."""

from typing import Any

import msgspec

_REF = "#/$defs/{name}"


def schema_of(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of a struct, with those that it refers to.

    Docstrings and titles are left out: a tool's description is read by a model with each conversation.
    """
    _, components = msgspec.json.schema_components([struct], ref_template=_REF)
    schemas = {name: _bare(each) for name, each in components.items()}
    whole = schemas.pop(struct.__name__)
    return {**whole, "$defs": schemas} if schemas else whole


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in schema.items() if name not in {"title", "description"}}
