"""A person can see and change everything by clicking, and sees no secret."""

from adapters.sandbox.zoom.accounts import ANNA
from tests.adapters.sandbox.zoom_app import ZoomApp

PAGES = ("/", "/installed", "/switches", "/meetings", "/requests")


async def test_the_meetings_page_lists_what_was_made(zoom: ZoomApp) -> None:
    await zoom.books(zoom.sandbox.authorize(ANNA).access_token, topic="<b>Intro</b>")

    shown = (await zoom.http.get("/meetings")).text

    assert "&lt;b&gt;Intro&lt;/b&gt;" in shown
    assert zoom.sandbox.meetings[0].join_url in shown
    assert "zak=" not in shown


async def test_remove_on_installed_apps_ends_the_tokens(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)
    before = (await zoom.http.get("/installed")).text

    await zoom.http.post("/installed", data={"remove": ANNA.id})

    assert 'aria-label="Remove TimeTuna from Anna Höst"' in before
    assert "No app is installed" in (await zoom.http.get("/installed")).text
    assert not await zoom.is_known(pair.access_token)


async def test_another_process_can_allow_used_refresh_tokens_again(zoom: ZoomApp) -> None:
    state = (await zoom.http.post("/control", json={"grace": True})).json()

    assert state["grace"] is True
    assert zoom.sandbox.grants.grace
