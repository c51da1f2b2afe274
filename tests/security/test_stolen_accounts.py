"""Nothing is left to somebody who had the password once the owner has taken the account back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from application.accounts.api_tokens import NewApiToken
from application.accounts.delete_account import WAITS_FOR_LATECOMERS
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.ports.mail import MailTryLater
from application.ports.notices import WebhooksDistrusted
from application.webhooks.manage_webhooks import WebhookEdit
from application.webhooks.record_events import record
from domain.booking_page import BookingPage
from domain.budgets import ACCOUNT_MAILS, CONFIRMATIONS_OF_HOST
from domain.errors import NotFound, TooManyRequests, Unauthorized
from domain.host import Host
from domain.ids import BookingId, WebhookEventId, WebhookId
from domain.mail_problem import ServerAnswered
from domain.webhook import Webhook
from domain.webhook_event import WEBHOOK_EVENT_TYPES, WebhookEvent
from tests.support.builders import A_NETWORK, TOMORROW_AT_TEN, a_booking, a_host, a_page
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import path_in
from tests.support.tokens import host_of

STOLEN, NEW = "correct horse", "battery staple"
THIEF = "thief@elsewhere.example"
THIEFS = "thief.example"
FEED = "https://calendar.example/feed.ics"


def links(memory: MemoryApp, path: str) -> list[str]:
    paths = [path_in(each) for each in memory.mailer.notices]
    return [each.removeprefix(path) for each in paths if each.startswith(path)]


async def take_back(memory: MemoryApp, host: Host, way: str, *, revoke_tokens: bool = False) -> None:
    if way == "disown":
        await memory.app.disown(HostActor(host.id))
        return
    if way == "change":
        await memory.app.change_password(HostActor(host.id), STOLEN, NEW, revoke_tokens=revoke_tokens)
        return
    await memory.app.ask_for_mail("reset", host.email)
    await memory.work_off()
    await memory.app.reset_password(links(memory, "/reset/")[-1], NEW, revoke_tokens=revoke_tokens)


async def email_of(memory: MemoryApp, host: Host) -> str | None:
    async with memory.store.begin() as uow:
        found = await uow.hosts.get(host.id)
    return found.email if found else None


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_thief_who_asked_for_another_address_cannot_confirm_it_any_more(way: str) -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN)
    await memory.app.change_email(HostActor(host.id), THIEF, STOLEN)
    await memory.work_off()

    await take_back(memory, host, way)

    with pytest.raises(NotFound):
        await memory.app.confirm_email(links(memory, "/confirm-email/")[0])
    assert host.email == await email_of(memory, host)


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_thief_whose_mail_server_waits_gets_no_link_afterwards(way: str) -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN)
    memory.mailer.refuse(MailTryLater(ServerAnswered(421, "come back later")), times=2)
    await memory.app.change_email(HostActor(host.id), THIEF, STOLEN)
    await memory.work_off()

    await take_back(memory, host, way)
    memory.clock.advance(timedelta(hours=2))
    await memory.work_off()

    assert [] == links(memory, "/confirm-email/")
    assert THIEF not in {each.to.email for each in memory.mailer.notices}


async def test_an_api_token_from_before_the_address_was_confirmed_ends_with_the_owners_reset() -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN, confirmed=False)
    before = await memory.token_of(host)
    memory.clock.advance(timedelta(minutes=1))
    async with memory.store.begin() as uow:
        uow.accounts.confirm_email(host.id, memory.clock())
    after = await memory.token_of(host)

    await take_back(memory, host, "reset")

    tokens = memory.store.bearer_tokens
    assert [None, host.id] == [await host_of(tokens, each, memory.clock()) for each in (before, after)]


@pytest.mark.parametrize("way", ["disown", "change", "reset"])
async def test_no_webhook_hears_of_guests_any_more_until_the_owner_says_that_it_is_theirs(way: str) -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(handle="hanne"), password=STOLEN)
    page, owner = await memory.page(a_page(host, slug="talk")), HostActor(host.id)
    await memory.connect(host)
    hooks = [await a_webhook(memory, host, name) for name in ("theirs.example", "thief.example")]
    await books(memory, host, page)

    await take_back(memory, host, way, revoke_tokens=True)
    memory.webhooks.sent.clear()
    later = await books(memory, host, page, hours=1)
    await memory.work_off()

    assert [] == memory.webhooks.sent
    assert {"distrusted"} == {each.pause for each in await memory.app.show_webhooks(owner)}
    told = [each.about for each in memory.mailer.notices if isinstance(each.about, WebhooksDistrusted)]
    assert [WebhooksDistrusted(("theirs.example", "thief.example"))] == told

    await memory.app.resume_webhook(owner, hooks[0].id)
    await memory.app.recover_webhook(owner, hooks[0].id, memory.clock() - timedelta(days=1))
    await memory.work_off()

    assert {"https://theirs.example/"} == {each.url for each in memory.webhooks.sent}
    assert later in {each.event.booking_id for each in memory.webhooks.sent}


async def test_a_forgotten_password_leaves_webhooks_alone_but_those_from_before_the_address_was_confirmed() -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN, confirmed=False)
    await a_webhook(memory, host, "before.example")
    memory.clock.advance(timedelta(minutes=1))
    async with memory.store.begin() as uow:
        uow.accounts.confirm_email(host.id, memory.clock())
    await a_webhook(memory, host, "after.example")

    await take_back(memory, host, "reset")

    assert ["paused", "active"] == [each.state for each in await memory.app.show_webhooks(HostActor(host.id))]


async def test_whoever_signed_up_with_anothers_address_gets_no_entries_about_their_guests() -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN, confirmed=False)
    memory.feeds.publish(FEED)
    await memory.app.connect_feed(HostActor(host.id), FEED)

    await take_back(memory, host, "reset")

    assert [] == await memory.app.show_calendars(HostActor(host.id))


async def test_an_event_that_was_on_its_way_when_the_webhook_was_paused_stays_here() -> None:
    # Whoever books reads the webhooks, and stores the event after they were paused.
    memory = MemoryApp()
    host = await memory.host(password=STOLEN)
    webhook = await a_webhook(memory, host, "thief.example")
    await memory.app.disown(HostActor(host.id))
    async with memory.store.begin() as uow:
        event = WebhookEvent(
            id=WebhookEventId("late"), host_id=host.id, type="booking.created", at=memory.clock(), body=b"{}"
        )
        record(uow, event, [webhook])
    await memory.work_off()

    page = await memory.app.show_deliveries(HostActor(host.id), webhook.id)
    assert ([], ["failed"]) == (memory.webhooks.sent, [each.state for each in page.items])


async def books(memory: MemoryApp, host: Host, page: BookingPage, hours: int = 0) -> BookingId:
    wish = BookingRequest(
        TOMORROW_AT_TEN + timedelta(hours=hours), "zoom", GuestDetails("Ana", "ana@guests.example", "Europe/Lisbon"), {}
    )
    submit = await memory.app.book(host.handle, page.slug, "intro", wish, network=A_NETWORK)
    return submit.booking.booking.id


LATE: dict[str, Callable[[MemoryApp, HostActor, WebhookId], Awaitable[object]]] = {
    "add a webhook": lambda memory, thief, _: memory.app.add_webhook(thief, f"https://{THIEFS}/", WEBHOOK_EVENT_TYPES),
    "lead a webhook elsewhere": lambda memory, thief, webhook: memory.app.change_webhook(
        thief, webhook, WebhookEdit(url="https://elsewhere.example/")
    ),
    "make a secret": lambda memory, thief, webhook: memory.app.rotate_webhook_secret(thief, webhook),
    "resume a webhook": lambda memory, thief, webhook: memory.app.resume_webhook(thief, webhook),
    "send again": lambda memory, thief, webhook: memory.app.recover_webhook(
        thief, webhook, memory.clock() - timedelta(days=1)
    ),
}


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("way", ["a token", "a session"])
async def test_a_request_whose_body_was_held_back_until_its_sender_was_locked_out_leaves_nothing(
    late: str, way: str
) -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN)
    webhook = await a_webhook(memory, host, THIEFS)
    thief = await (a_program(memory, host) if way == "a token" else a_browser(memory, host))
    await memory.app.disown(HostActor(host.id))
    [before] = await memory.app.show_webhooks(HostActor(host.id))

    with pytest.raises(Unauthorized):
        await LATE[late](memory, thief, webhook.id)

    assert (before,) == await memory.app.show_webhooks(HostActor(host.id))


@pytest.mark.parametrize("way", ["a token", "a session"])
async def test_an_account_that_is_looked_into_while_its_owner_locks_others_out_is_not_connected(way: str) -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN)
    memory.feeds.publish(FEED)
    thief = await (a_program(memory, host) if way == "a token" else a_browser(memory, host))
    await memory.app.disown(HostActor(host.id))

    with pytest.raises(Unauthorized):
        await memory.app.connect_feed(thief, FEED)

    assert [] == await memory.app.show_calendars(HostActor(host.id))


async def test_a_token_that_was_revoked_while_a_request_with_it_came_in_makes_no_other() -> None:
    memory = MemoryApp()
    host = await memory.host()
    thief = await a_program(memory, host)
    assert thief.program
    await memory.app.revoke_api_token(HostActor(host.id), thief.program.token_id)

    with pytest.raises(Unauthorized):
        await memory.app.issue_api_token(thief, NewApiToken("Another", ("*",)))

    assert () == await memory.app.list_api_tokens(HostActor(host.id))


async def a_program(memory: MemoryApp, host: Host) -> HostActor:
    return await memory.app.identify_token(await memory.token_of(host))


async def a_browser(memory: MemoryApp, host: Host) -> HostActor:
    session = await memory.app.identify_session((await memory.app.sign_in(host.email, STOLEN)).session)
    assert session
    return HostActor(host.id, session=session.id)


async def a_webhook(memory: MemoryApp, host: Host, name: str) -> Webhook:
    return (await memory.app.add_webhook(HostActor(host.id), f"https://{name}/", WEBHOOK_EVENT_TYPES)).webhook


async def test_a_stolen_api_token_and_a_mailbox_are_not_enough_to_take_the_address() -> None:
    memory = MemoryApp()
    host, thief = await memory.host(password=STOLEN), await memory.host()
    await memory.app.edit_profile(HostActor(host.id), ProfileEdit(email=THIEF))
    await memory.work_off()
    [link] = links(memory, "/confirm-email/")

    for by in (None, HostActor(thief.id)):
        with pytest.raises(Unauthorized):
            await memory.app.confirm_email(link, by)

    assert host.email == await email_of(memory, host)
    assert THIEF == await memory.app.confirm_email(link, HostActor(host.id))


async def test_nobody_mails_strangers_by_changing_an_address_back_and_forth() -> None:
    memory = MemoryApp()
    host = await memory.host(password=STOLEN)

    for n in range(CONFIRMATIONS_OF_HOST.most):
        await memory.app.edit_profile(HostActor(host.id), ProfileEdit(email=f"stranger{n}@elsewhere.example"))
    with pytest.raises(TooManyRequests):
        await memory.app.edit_profile(HostActor(host.id), ProfileEdit(email="one-more@elsewhere.example"))


async def test_one_mailbox_is_asked_three_times_an_hour_from_one_network_by_however_many_hosts() -> None:
    memory = MemoryApp()
    hosts = [await memory.host(password=STOLEN) for _ in range(ACCOUNT_MAILS.most + 1)]

    for host in hosts[:-1]:
        await memory.app.change_email(HostActor(host.id), THIEF, STOLEN)
    with pytest.raises(TooManyRequests):
        await memory.app.change_email(HostActor(hosts[-1].id), THIEF.upper(), STOLEN)


async def test_whoever_booked_while_the_account_went_away_is_told() -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(handle="hanne"), password=STOLEN)
    page = await memory.page(a_page(host))

    await memory.app.delete_account(HostActor(host.id), "hanne", STOLEN, cancel_bookings=False)
    await memory.work_off()
    late = msgspec.structs.replace(a_booking(page), announced=True)
    async with memory.store.begin() as uow:
        uow.bookings.add(late)
        uow.booking_mails.mailed(late, "guest", memory.clock())
        uow.pages.add(a_page(host, slug="late"))
    memory.clock.advance(WAITS_FOR_LATECOMERS)
    await memory.work_off()
    memory.clock.advance(WAITS_FOR_LATECOMERS)
    await memory.work_off()

    assert await email_of(memory, host) is None
    assert [] == await memory.store.views.pages(host.id)
    assert ["cancelled"] == [mail.kind for mail in memory.mailer.mails_to("guest")]
