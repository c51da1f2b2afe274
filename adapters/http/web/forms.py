"""Reads submitted forms."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from adapters.http.problems import UnsupportedMediaType
from adapters.presentation.sentences.refusals import fault_sentence
from domain.errors import InvalidInput
from domain.faults import Fault, FaultKind

Visit = Request[Any, Any, Any]

LARGEST_FORM = 262_144
"""To take a megabyte of fields apart costs half a second. Forms that hold more text say so themselves."""

_WITH_FILES = "multipart/form-data"


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
    """Read a form without files. Raises UnsupportedMediaType for one that could bring some."""
    if request.content_type[0] == _WITH_FILES:
        raise UnsupportedMediaType
    return Form(await request.form())


@asynccontextmanager
async def form_with_files(request: Visit) -> AsyncGenerator[Form]:
    """Read a form, and close its files in the end. Only a file may make it larger than `LARGEST_FORM`.

    Raises:
        RequestEntityTooLarge
        UnsupportedMediaType: a part names an encoding that it isn't in.
    """
    if request.content_type[0] != _WITH_FILES and len(await request.body()) > LARGEST_FORM:
        raise RequestEntityTooLarge
    try:
        fields = await request.form()
    except (LookupError, ValueError) as error:
        raise UnsupportedMediaType from error
    try:
        yield Form(fields)
    finally:
        for each in fields.values():
            if isinstance(each, UploadFile):
                await each.close()


class Errors(dict[str, str]):
    """What is wrong, as sentences for the reader by field; a field that isn't among them is fine."""

    def __missing__(self, field: str) -> str:
        return ""

    @classmethod
    def of(cls, refusal: InvalidInput, names: Callable[[str], str] = str) -> Self:
        """All faults of a refused input; `names` tells the form's field for a path, where it isn't the same."""
        errors = cls()
        for fault in refusal.faults:
            errors.setdefault(names(fault.field), fault_sentence(fault))
        return errors

    def check(self, check: Callable[[], object], field: str | None = None) -> None:
        """Run a check and keep what it refuses, under its own field or under the one given."""
        try:
            check()
        except InvalidInput as refusal:
            for fault in refusal.faults:
                self.setdefault(field or fault.field, fault_sentence(fault))

    def note(self, field: str, problem: FaultKind) -> None:
        """Keep what the form itself finds wrong with a field."""
        self.setdefault(field, fault_sentence(Fault(field, problem)))


def local_path(wished: str | None) -> str | None:
    """The address to go on to, if it is one of ours: anything else could lead to a stranger's page."""
    if not wished or not wished.startswith("/") or not wished.isprintable():
        return None
    # Browsers read "//host" and "/\host" as another host.
    return None if wished[1:2] in {"/", "\\"} else wished
