"""The parts of a page of help."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.http.settings import HttpSettings
from application.app import App
from domain.host import Host

Context = Mapping[str, Any]


def _nothing(_settings: HttpSettings) -> Context:
    return {}


@dataclass(frozen=True)
class HelpPage:
    """A page of help that everybody can read.

    Attributes:
        path: its address; with `.md` after it, where programs read the same.
        context: what its template is filled with.
        for_host: what differs for a signed-in host.
    """

    path: str
    template: str
    context: Callable[[HttpSettings], Context] = _nothing
    for_host: Callable[[App, Host], Awaitable[Context]] | None = None
