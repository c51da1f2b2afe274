"""No host's page can lie where an address of ours is, or be taken for one."""

import re

import pytest

from domain.errors import InvalidInput
from domain.host import handle
from domain.reserved_handles import RESERVED_HANDLES
from entrypoints.demo import GOOGLE, MAILBOX, MICROSOFT, SANDBOX
from tests.support.serving import Server

OF_THE_DEMO = {path.split("/")[1] for path in (SANDBOX, GOOGLE, MICROSOFT, MAILBOX)}


def first_parts(server: Server) -> set[str]:
    """The first part of every address that isn't a host's; what can't be a handle is in nobody's way."""
    parts = {route.path.split("/")[1] for route in server.litestar.routes}
    return {each for each in parts if re.fullmatch(r"[a-z0-9-]+", each)}


def test_the_first_part_of_every_address_of_ours_is_reserved(server: Server) -> None:
    routes = {each for each, reason in RESERVED_HANDLES.items() if reason == "route"}

    assert routes == first_parts(server) | OF_THE_DEMO


@pytest.mark.parametrize("name", sorted(RESERVED_HANDLES))
def test_a_reserved_handle_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        handle(name)


@pytest.mark.parametrize(
    "name", ["billing", "security", "admin", "support", "api", "embed", "help", "mcp", "unsubscribe"]
)
def test_what_strangers_would_take_first_is_reserved(name: str) -> None:
    assert name in RESERVED_HANDLES
