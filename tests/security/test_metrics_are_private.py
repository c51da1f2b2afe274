"""Metrics tell how much a server does: they are for its own machine, or for whoever has the token."""

import pytest

from tests.support.serving import Server

PROXY = "10.0.0.1"
TOKEN = "a-token-for-prometheus"


@pytest.fixture
def server() -> Server:
    return Server(trusted_proxies=(PROXY,))


@pytest.fixture
def guarded() -> Server:
    return Server(metrics_token=TOKEN)


async def asked(server: Server, address: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await server.client(address=address).get("/metrics", headers=named)
    assert (200 == answer.status_code) == ("timetuna_jobs" in answer.text)
    return answer.status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_reads_them(server: Server, address: str) -> None:
    assert 200 == await asked(server, address)


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.1", "192.168.1.7", "2001:db8::1", "fe80::1", "::"])
async def test_nobody_else_does(server: Server, address: str) -> None:
    assert 403 == await asked(server, address)


@pytest.mark.parametrize(
    "header", ["X_Forwarded_For", "Forwarded", "X_Real_IP", "X_Forwarded_Host", "X_Forwarded_Proto", "Via"]
)
async def test_whoever_comes_by_a_proxy_of_this_machine_is_somebody_else(server: Server, header: str) -> None:
    assert 403 == await asked(server, "127.0.0.1", **{header: "127.0.0.1"})


async def test_a_trusted_proxy_makes_nobody_this_machine(server: Server) -> None:
    assert 403 == await asked(server, PROXY, X_Forwarded_For="127.0.0.1")


async def test_with_a_token_whoever_has_it_reads_them_from_anywhere(guarded: Server) -> None:
    for scheme in ("Bearer", "bearer"):
        assert 200 == await asked(guarded, "203.0.113.7", Authorization=f"{scheme} {TOKEN}")


@pytest.mark.parametrize("sent", ["Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ä"])
async def test_with_a_token_nobody_reads_them_without_it(guarded: Server, sent: str) -> None:
    answer = await guarded.client(address="127.0.0.1").get("/metrics", headers=[(b"Authorization", sent.encode())])

    assert (401, "Bearer") == (answer.status_code, answer.headers["WWW-Authenticate"])
    assert 401 == await asked(guarded, "127.0.0.1")
