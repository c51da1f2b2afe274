"""The caller of a tool, and the application that it is called on."""

from dataclasses import dataclass

from adapters.http.settings import HttpSettings
from application.actor import HostActor
from application.app import App


@dataclass(frozen=True)
class Caller:
    """A host's program with its token.

    Attributes:
        network: that the caller's limits are counted by.
    """

    app: App
    settings: HttpSettings
    actor: HostActor
    network: str
