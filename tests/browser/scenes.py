"""What pages of a site show when something has happened."""

from datetime import timedelta

from application.actor import HostActor, VisitorActor
from application.calendars.keep_account import ConnectedCalendars
from application.ports.calendar_reader import RemoteCalendar
from application.ports.webhooks import Sent
from application.support.ask_support import SupportMessage
from domain.busy import BusyTime
from domain.calendar_problem import ServerBusy
from domain.conference import Ready
from domain.host import Host
from domain.slot import Slot
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WEBHOOK_EVENT_TYPES
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import A_DAY, TOMORROW_AT_TEN
from tests.support.site import Site

READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "tuna42", "zoom")
CALENDAR = "https://dav.example/work/"


async def a_calendar(site: Site, host: Host, name: str = "Work") -> ConnectedCalendars:
    """An account of the host's whose one calendar blocks all their pages for an hour."""
    reader = site.memory.calendar_readers["caldav"]
    reader.hold("anna", RemoteCalendar(CALENDAR, name))
    reader.publish("anna", CALENDAR, BusyTime(Slot.lasting(timedelta(hours=1), TOMORROW_AT_TEN)))
    return await site.memory.app.connect_caldav(HostActor(host.id), "dav.example", "anna", "app-password")


async def pages_of_support(site: Site) -> tuple[str, ...]:
    """The form, a conversation as its visitor sees it, and as the operator does."""
    app = site.memory.app
    asked = await app.ask_support(SupportMessage("anna@guests.example", "", "Ναι."), "203.0.113.9")
    thread = await app.show_support_thread(VisitorActor(asked.token))
    desk = f"/support/desk/{site.memory.desk_links.until(site.memory.clock() + A_DAY)}"
    return "/support", f"/support/{asked.token}?sent=mailed", desk, f"{desk}/{thread.id}"


async def a_failing_delivery(site: Site, host: Host) -> WebhookDelivery:
    """Of a host's webhook that has answered once."""
    url, actor = "https://hooks.example/timetuna", HostActor(host.id)
    site.memory.webhooks.answer(url, Sent(7, 500, EndpointAnswered(500), "<html>Out of order</html>"))
    added = await site.memory.app.add_webhook(actor, url, WEBHOOK_EVENT_TYPES)
    delivery = await site.memory.app.try_webhook(actor, added.webhook.id)
    await site.memory.work_off()
    return delivery


async def a_broken_calendar(site: Site) -> None:
    """Let that calendar fail for so long that its pages close."""
    site.memory.calendar_readers["caldav"].fail("anna", CALENDAR, ServerBusy())
    for _ in range(4):
        site.memory.clock.advance(timedelta(minutes=10))
        await site.memory.work_off()
