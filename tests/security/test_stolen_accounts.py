"""Nothing is left to somebody who had the password once the owner has taken the account back."""

from datetime import timedelta

import msgspec
import pytest

from application.accounts.delete_account import WAITS_FOR_LATECOMERS
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from application.ports.mail import MailTryLater
from domain.budgets import CONFIRMATIONS_OF_HOST, CONFIRMATIONS_TO_MAILBOX
from domain.errors import NotFound, TooManyRequests, Unauthorized
from domain.host import Host
from domain.mail_problem import ServerAnswered
from tests.support.builders import a_booking, a_host, a_page
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import path_in

STOLEN, NEW = "correct horse", "battery staple"
THIEF = "thief@elsewhere.example"


def links(memory: MemoryApp, path: str) -> list[str]:
    paths = [path_in(each) for each in memory.mailer.notices]
    return [each.removeprefix(path) for each in paths if each.startswith(path)]


async def take_back(memory: MemoryApp, host: Host, way: str) -> None:
    if way == "change":
        await memory.app.change_password(HostActor(host.id), STOLEN, NEW)
        return
    await memory.app.ask_for_mail("reset", host.email)
    await memory.work_off()
    await memory.app.reset_password(links(memory, "/reset/")[-1], NEW)


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

    tokens = memory.store.api_tokens
    assert [None, host.id] == [await tokens.host_of(each, memory.clock()) for each in (before, after)]


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


async def test_one_mailbox_is_asked_five_times_an_hour_by_however_many_hosts() -> None:
    memory = MemoryApp()
    hosts = [await memory.host(password=STOLEN) for _ in range(CONFIRMATIONS_TO_MAILBOX.most + 1)]

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
        uow.bookings.mailed(late, "guest", memory.clock())
        uow.pages.add(a_page(host, slug="late"))
    memory.clock.advance(WAITS_FOR_LATECOMERS)
    await memory.work_off()
    memory.clock.advance(WAITS_FOR_LATECOMERS)
    await memory.work_off()

    assert await email_of(memory, host) is None
    assert [] == await memory.store.views.pages(host.id)
    assert ["cancelled"] == [mail.kind for mail in memory.mailer.mails_to("guest")]
