"""JSON answers."""

from typing import Any

from litestar.response.base import ASGIResponse

from adapters.http.json_bytes import json_bytes

REPLAYED = {"Idempotent-Replayed": "true"}
"""The header of an answer to a request that was accepted before."""


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> ASGIResponse:
    """Encode at once and leave Litestar's serialization out: it costs more than the work of a small call."""
    return ASGIResponse(body=json_bytes(content), status_code=status, headers=headers)
