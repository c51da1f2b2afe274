"""A person can see and change everything by clicking, and sees no secret."""

from adapters.sandbox.google.accounts import GINA
from tests.adapters.sandbox.google.google_app import GoogleApp

PAGES = ("/", "/connections", "/switches", "/spaces", "/requests")


async def test_the_spaces_page_lists_what_was_made(google: GoogleApp) -> None:
    await google.books(google.sandbox.authorize(GINA).access_token)

    shown = (await google.http.get("/spaces")).text

    assert google.sandbox.spaces[0].meeting_uri in shown
    assert "anyone with the link" in shown


async def test_deleting_all_connections_ends_every_token_of_that_account(google: GoogleApp) -> None:
    tokens = [google.sandbox.authorize(GINA) for _ in range(2)]
    before = (await google.http.get("/connections")).text

    await google.http.post("/connections", data={"remove": GINA.id})

    assert 'aria-label="Delete all connections of TimeTuna with Gina Höst"' in before
    assert "No app is connected" in (await google.http.get("/connections")).text
    assert [400, 400] == [(await google.refreshes(token.refresh_token or "")).status_code for token in tokens]


async def test_another_process_can_say_that_the_app_is_not_published(google: GoogleApp) -> None:
    state = (await google.http.post("/control", json={"testing": True})).json()

    assert state["testing"] is True
    assert google.sandbox.grants.testing
