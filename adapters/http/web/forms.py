"""Reads submitted forms."""

from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from adapters.presentation.language import said
from domain.errors import InvalidInput

Visit = Request[Any, Any, Any]


class Form:
    """The fields of a form as text; a field that wasn't sent is empty."""

    def __init__(self, fields: FormMultiDict) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        values = self.all(name)
        return values[0] if values else ""

    async def file(self, name: str) -> bytes:
        """What a file holds; empty where none was chosen."""
        files = [each for each in self._fields.getall(name, []) if isinstance(each, UploadFile)]
        return await files[0].read() if files else b""

    def all(self, name: str) -> list[str]:
        """Every value of a repeated field, in the order of the page."""
        values: list[object] = self._fields.getall(name, [])
        return [value for value in values if isinstance(value, str)]


async def form_of(request: Visit) -> Form:
    return Form(await request.form())


class Errors(dict[str, str]):
    """What is wrong, by field; nothing is wrong with a field that isn't among them."""

    def __missing__(self, field: str) -> str:
        return ""

    def check(self, check: Callable[[], object], field: str | None = None) -> None:
        """Run a check and keep what it refuses, under its own field or under the one given."""
        try:
            check()
        except InvalidInput as refusal:
            self.setdefault(field or refusal.field, said(refusal.message))


def local_path(wished: str | None) -> str | None:
    """The address to go on to, if it is one of ours: anything else could lead to a stranger's page."""
    if not wished or not wished.startswith("/") or not wished.isprintable():
        return None
    # Browsers read "//host" and "/\host" as another host.
    return None if wished[1:2] in {"/", "\\"} else wished
