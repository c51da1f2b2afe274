"""Which passwords are taken, everywhere that a host chooses one: NIST SP 800-63B."""

import re
from collections.abc import Awaitable, Callable

import pytest

from application.accounts.sign_up import NewHost
from domain.errors import InvalidInput
from tests.support.builders import a_host
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import path_in
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor, a_signed_in_host

EMAIL, NAME, HANDLE = "annabelle@hosts.example", "Annabelle Lightwood", "annabelle-lightwood"

REFUSED = [
    "password",
    "12345678",
    " " * 8,
    "elevenchars",
    " " * 12,
    "password1234",
    "x" * 300,
    EMAIL,
    EMAIL.upper(),
    NAME,
    HANDLE,
]
ACCEPTED = [
    "correct horse battery staple",
    "lowercase words",
    "κωδικός πρόσβασης",
    "🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐋🐬",
    "a tuna swims over seven lazy reefs; " * 7,
]


async def signed_up(server: Server, password: str) -> bool:
    fields = {"name": NAME, "email": EMAIL, "handle": HANDLE, "timezone": "UTC"}
    return 303 == (await Visitor(server).sends("/signup", {**fields, "password": password})).status


async def changed(server: Server, password: str) -> bool:
    _, visitor = await a_signed_in_host(server, a_host(name=NAME, email=EMAIL, handle=HANDLE))
    await visitor.sends("/settings/password", {"current_password": PASSWORD, "password": password})
    return visitor.status == 303


async def reset(server: Server, password: str) -> bool:
    await server.memory.host(a_host(name=NAME, email=EMAIL, handle=HANDLE), password=PASSWORD)
    visitor = await Visitor(server).sends("/forgot", {"email": EMAIL})
    await server.memory.work_off()
    await visitor.sends(path_in(server.memory.mailer.notices[-1]), {"password": password})
    return visitor.status == 303


async def created(server: Server, password: str) -> bool:
    try:
        await server.memory.app.create_account(NewHost(EMAIL, NAME, HANDLE, "UTC", password))
    except InvalidInput:
        return False
    return True


WAYS = [signed_up, changed, reset, created]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("password", REFUSED)
async def test_a_password_that_is_guessed_early_is_refused_everywhere(
    server: Server, way: Callable[[Server, str], Awaitable[bool]], password: str
) -> None:
    assert not await way(server, password)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("password", ACCEPTED)
async def test_length_is_enough_without_rules_of_composition(
    server: Server, way: Callable[[Server, str], Awaitable[bool]], password: str
) -> None:
    assert await way(server, password)


@pytest.mark.parametrize("old", ["short", "password"])
async def test_an_old_password_goes_on_working(old: str) -> None:
    memory = MemoryApp()
    host = await memory.host(password=old)

    assert await memory.app.sign_in(host.email, old)


@pytest.mark.parametrize("path", ["/signup", "/signin", "/settings/password", "/settings/profile", "/settings/data"])
async def test_password_fields_take_what_is_pasted_whole(server: Server, path: str) -> None:
    visitor = await Visitor(server).opens(path) if path[1:5] == "sign" else (await a_signed_in_host(server))[1]
    await visitor.opens(path)
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', visitor.html)

    assert fields
    for field in fields:
        assert re.search(r'autocomplete="(new|current)-password"', field)
        # A browser cuts off what is pasted into a field with a limit, and says nothing.
        assert "maxlength" not in field
        assert "onpaste" not in field
