"""The demo's sample host and page."""

from collections.abc import Callable
from contextlib import suppress

from application.accounts.sign_up import NewHost
from application.actor import HostActor
from application.app import App
from application.calendars.keep_account import FoundAccount
from application.pages.page_edits import EventTypeEdit, PageEdit
from application.ports.calendar_reader import CalendarUnreadable, SignedIn
from application.ports.oauth import Grant
from domain.errors import InvalidInput
from domain.host import Host
from domain.meeting_type import Phone, Zoom

EMAIL = "anna@timetuna.example"
PASSWORD = "tuna-time-demo"  # noqa: S105 - printed for everybody who starts the demo
HANDLE = "anna"
PAGE = "intro"


async def make_sample(app: App, grant: Callable[[], Grant]) -> None:
    """Make the sample host with a page and a Google calendar that blocks it, unless an earlier demo has.

    On a machine too busy to read the calendar in time the host has none, and can connect it by hand.

    Args:
        grant: lets us into the account with the calendar, and says whose it is.
    """
    try:
        host = await app.create_account(NewHost(EMAIL, "Anna Höst", HANDLE, "Europe/Berlin", PASSWORD))
    except InvalidInput:
        return
    actor = HostActor(host.id)
    await app.create_page(
        actor,
        PageEdit(
            slug=PAGE,
            title="Meet Anna",
            description="Half an hour to get to know each other, or an hour to go into depth.",
            meeting_types=(Zoom(), Phone("host")),
            event_types=(
                EventTypeEdit(slug="call", title="Intro call", duration_minutes=30),
                EventTypeEdit(slug="deep-dive", title="Deep dive", duration_minutes=60),
            ),
        ),
    )
    with suppress(CalendarUnreadable):
        await _connect_calendars(app, actor, host, grant())


async def _connect_calendars(app: App, actor: HostActor, host: Host, grant: Grant) -> None:
    if grant.account is None:
        return
    email, login, access = grant.account.email, grant.account.user_id, SignedIn(grant)
    found = await app.look_into_account("google", access, email, login, host)
    await app.keep_account(actor, FoundAccount("google", email, login, access, found))
