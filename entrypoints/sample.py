"""The demo's sample host and page."""

from application.accounts.sign_up import NewHost
from application.actor import HostActor
from application.app import App
from application.pages.page_edits import EventTypeEdit, PageEdit
from domain.errors import InvalidInput
from domain.meeting_type import Phone, Zoom

EMAIL = "anna@timetuna.example"
PASSWORD = "tuna-time-demo"  # noqa: S105 - printed for everybody who starts the demo
HANDLE = "anna"
PAGE = "intro"


async def make_sample(app: App) -> None:
    """Make the sample host with a page, unless an earlier demo has."""
    try:
        host = await app.create_account(NewHost(EMAIL, "Anna Höst", HANDLE, "Europe/Berlin", PASSWORD))
    except InvalidInput:
        return
    await app.create_page(
        HostActor(host.id),
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
