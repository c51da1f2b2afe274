"""What `make audit` says of locked packages; the index is a stand-in."""

import httpx

from tests.support.audit import ROOT, Release, locked, looked_up, report

LOCK = """
version = 1

[[package]]
name = "alpha"
version = "1.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "beta"
version = "2.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "ours"
version = "0.1"
source = { editable = "." }
"""
alpha = Release("alpha", "1.0", "https://index.example/pypi/alpha/1.0/json")
beta = Release("beta", "2.0", "https://index.example/pypi/beta/2.0/json")
FIXED = {"id": "PYSEC-1", "summary": "Reads too much.", "fixed_in": ["1.1"], "link": "https://advisories.example/1"}
WITHDRAWN = {"id": "PYSEC-2", "summary": "None at all.", "withdrawn": "2026-01-01T00:00:00Z"}


async def said(answers: dict[str, object]) -> tuple[list[str], int]:
    """What is said where the index answers with these, and with nothing else."""

    def answer(request: httpx.Request) -> httpx.Response:
        if not answers:
            raise httpx.ConnectError("no network")
        known = answers.get(str(request.url))
        return httpx.Response(404) if known is None else httpx.Response(200, json=known)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        return report(await looked_up(client, locked(LOCK)))


def test_what_came_from_an_index_is_looked_up_there() -> None:
    assert [alpha, beta] == locked(LOCK)


def test_our_own_lock_can_be_read() -> None:
    names = {each.name for each in locked((ROOT / "uv.lock").read_text(encoding="utf-8"))}

    assert {"litestar", "uvicorn", "msgspec"} < names
    assert "timetuna" not in names


async def test_a_vulnerable_release_fails_and_is_named_with_what_fixes_it() -> None:
    lines, status = await said({alpha.metadata: {"vulnerabilities": [FIXED]}, beta.metadata: {}})

    assert 1 == status
    assert ["alpha 1.0: PYSEC-1 Reads too much. Fixed in 1.1. https://advisories.example/1"] == lines


async def test_an_advisory_that_was_withdrawn_is_none() -> None:
    lines, status = await said({alpha.metadata: {"vulnerabilities": [WITHDRAWN]}, beta.metadata: {}})

    assert (["No vulnerability is known of 2 locked packages."], 0) == (lines, status)


async def test_without_a_network_nothing_fails_and_that_is_said() -> None:
    lines, status = await said({})

    assert 0 == status
    assert ["NOT CHECKED: the package index can’t be reached, so nothing is known of any locked package."] == lines


async def test_what_the_index_does_not_say_is_named() -> None:
    lines, status = await said({alpha.metadata: {"vulnerabilities": []}})

    assert 0 == status
    assert ["NOT CHECKED: beta.", "No vulnerability is known of 1 locked packages."] == lines
