"""Who may do what with an account, and what is mailed about it."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from application.accounts.delete_account import WAITS_FOR_LATECOMERS
from application.accounts.mail_account import CONFIRM_GOOD_FOR, RESET_GOOD_FOR
from application.accounts.profile import ProfileEdit
from application.accounts.sign_up import NewHost
from application.actor import HostActor, System
from application.jobs import MailAccountJob
from application.ports.mail import MailTryLater, Notice
from application.ports.notices import (
    About,
    AccountDeletedNotice,
    AddressWanted,
    AlreadySignedUp,
    ConfirmNewAddress,
    ConfirmSignUp,
    EmailChangeAsked,
    EmailChanged,
    PasswordChangedNotice,
    ResetPasswordLink,
)
from domain.budgets import ACCOUNT_MAILS, NEW_HANDLES, SIGN_IN_FAILURES
from domain.errors import InvalidInput, NotFound, TooManyRequests, Unauthorized
from domain.host import HANDLE_KEPT_FOR, Host
from domain.ids import GuestToken
from domain.mail_problem import ServerAnswered
from tests.support.builders import a_booking, a_host, a_page, token_of
from tests.support.faults import fields
from tests.support.memory_app import MemoryApp
from tests.support.store import host_of_session
from tests.support.tokens import host_of

PASSWORD, ANOTHER = "correct horse", "battery staple"
A_SECOND = timedelta(seconds=1)
hanne = NewHost("hanne@hosts.example", "Hanne Höst", "hanne", "Europe/Berlin", PASSWORD)


async def signed_up(memory: MemoryApp, new: NewHost = hanne) -> Host:
    browser = await memory.app.sign_up(new)
    assert browser
    opened = await memory.app.identify_session(browser.session)
    assert opened
    await memory.work_off()
    return opened.host


def token_in(notice: Notice) -> str:
    match notice.about:
        case ConfirmSignUp(token) | ConfirmNewAddress(token) | ResetPasswordLink(token):
            return token
        case _:
            pytest.fail("the notice has no link that is good once")


def noticed(memory: MemoryApp, to: str) -> list[type[About]]:
    """Of what kind the notices to an address were."""
    return [type(notice.about) for notice in memory.mailer.notices if notice.to.email == to]


async def is_confirmed(memory: MemoryApp, host: Host) -> bool:
    async with memory.store.begin() as uow:
        account = await uow.accounts.get(host.id)
    assert account
    return account.email_confirmed_at is not None


async def email_of(memory: MemoryApp, host: Host) -> str | None:
    async with memory.store.begin() as uow:
        found = await uow.hosts.get(host.id)
    return found.email if found else None


async def test_a_new_account_can_be_used_at_once_and_its_address_is_asked_to_confirm() -> None:
    memory = MemoryApp()

    host = await signed_up(memory)

    assert await memory.app.sign_in(hanne.email, PASSWORD)
    assert not await is_confirmed(memory, host)
    assert [ConfirmSignUp] == noticed(memory, hanne.email)


async def test_an_account_that_the_operator_makes_needs_no_confirming() -> None:
    memory = MemoryApp()

    host = await memory.app.create_account(hanne)
    await memory.work_off()

    assert await is_confirmed(memory, host)
    assert [] == memory.mailer.notices


async def test_the_link_confirms_the_address_once() -> None:
    memory = MemoryApp()
    host = await signed_up(memory)
    token = token_in(memory.mailer.notices[0])

    looked = [await memory.app.confirm_email.address_of(token) for _ in range(2)]
    before = await is_confirmed(memory, host)
    await memory.app.confirm_email(token)

    assert [hanne.email] * 2 == looked
    assert (False, True) == (before, await is_confirmed(memory, host))
    with pytest.raises(NotFound):
        await memory.app.confirm_email(token)


async def test_the_link_ends_after_three_days() -> None:
    memory = MemoryApp()
    await signed_up(memory)
    token = token_in(memory.mailer.notices[0])

    memory.clock.advance(CONFIRM_GOOD_FOR)

    assert await memory.app.confirm_email.address_of(token) is None
    with pytest.raises(NotFound):
        await memory.app.confirm_email(token)


async def test_all_that_is_wrong_with_a_sign_up_is_told_at_once() -> None:
    memory = MemoryApp()
    await memory.host(a_host(handle="taken"))

    with pytest.raises(InvalidInput) as everything:
        await memory.app.sign_up(NewHost("nobody", " ", "Not A Slug", "Mars", "short"))
    with pytest.raises(InvalidInput) as taken:
        await memory.app.sign_up(NewHost("nobody", "Hanne", "taken", "UTC", PASSWORD))

    assert ["name", "email", "password", "handle", "timezone"] == fields(everything.value)
    assert ["email", "handle"] == fields(taken.value)


async def test_signing_up_with_a_known_address_tells_its_owner_and_nobody_else() -> None:
    memory = MemoryApp()
    owner = await memory.host(a_host(email="hanne@hosts.example"), password=ANOTHER)

    made = await memory.app.sign_up(msgspec.structs.replace(hanne, email="HANNE@hosts.example"))
    await memory.work_off()

    assert made is None
    assert [AlreadySignedUp] == noticed(memory, owner.email)
    with pytest.raises(Unauthorized):
        await memory.app.sign_in(owner.email, PASSWORD)


async def test_nobody_fills_anothers_mailbox() -> None:
    memory = MemoryApp()
    owner = await memory.host(a_host(email="hanne@hosts.example"))

    for _ in range(ACCOUNT_MAILS.most):
        await memory.app.sign_up(hanne)
        await memory.app.ask_for_mail("reset", owner.email)
    with pytest.raises(TooManyRequests):
        await memory.app.sign_up(hanne)
    await memory.work_off()

    notices = noticed(memory, owner.email)
    assert 3 == notices.count(AlreadySignedUp)
    assert 3 == notices.count(ResetPasswordLink)


async def asked_for_reset(memory: MemoryApp, email: str) -> str:
    await memory.app.ask_for_mail("reset", email)
    await memory.work_off()
    return token_in(memory.mailer.notices[-1])


async def test_a_forgotten_password_is_set_anew_once_and_ends_every_session() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    sessions = [(await memory.app.sign_in(host.email, PASSWORD)).session for _ in range(2)]
    token = await asked_for_reset(memory, host.email.upper())

    looked = [await memory.app.reset_password.is_good(token) for _ in range(2)]
    await memory.app.reset_password(token, ANOTHER)
    await memory.work_off()

    assert [True, True] == looked
    assert [None, None] == [await host_of_session(memory.store, each, memory.clock()) for each in sessions]
    assert await memory.app.sign_in(host.email, ANOTHER)
    assert [ResetPasswordLink, PasswordChangedNotice] == noticed(memory, host.email)
    with pytest.raises(NotFound):
        await memory.app.reset_password(token, "yet another one")
    with pytest.raises(Unauthorized):
        await memory.app.sign_in(host.email, PASSWORD)


async def test_a_password_that_is_refused_leaves_the_link_good() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    token = await asked_for_reset(memory, host.email)

    with pytest.raises(InvalidInput):
        await memory.app.reset_password(token, "short")

    assert await memory.app.reset_password.is_good(token)


async def test_of_two_who_use_one_reset_link_at_once_one_gets_through() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    token = await asked_for_reset(memory, host.email)

    tried = await asyncio.gather(
        *(memory.app.reset_password(token, f"{ANOTHER} {n}") for n in range(5)), return_exceptions=True
    )

    assert 1 == tried.count(None)


@pytest.mark.parametrize("ending", ["an hour", "a new password", "another address", "another reset"])
async def test_a_reset_link_ends_with(ending: str) -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    token = await asked_for_reset(memory, host.email)

    match ending:
        case "an hour":
            memory.clock.advance(RESET_GOOD_FOR)
        case "a new password":
            await memory.app.change_password(HostActor(host.id), PASSWORD, ANOTHER)
        case "another address":
            await memory.app.edit_profile(HostActor(host.id), ProfileEdit(email="new@hosts.example"))
            await memory.work_off()
            await memory.app.confirm_email(token_in(memory.mailer.notices[-1]), HostActor(host.id))
        case _:
            await memory.app.reset_password(await asked_for_reset(memory, host.email), ANOTHER)

    with pytest.raises(NotFound):
        await memory.app.reset_password(token, "yet another one")


async def test_a_confirmation_link_resets_no_password_and_the_other_way_round() -> None:
    memory = MemoryApp()
    await signed_up(memory)
    to_confirm = token_in(memory.mailer.notices[0])
    to_reset = await asked_for_reset(memory, hanne.email)

    with pytest.raises(NotFound):
        await memory.app.reset_password(to_confirm, ANOTHER)
    with pytest.raises(NotFound):
        await memory.app.confirm_email(to_reset)


async def test_whoever_proves_an_unconfirmed_address_shuts_out_who_signed_up_with_it() -> None:
    memory = MemoryApp()
    host = await signed_up(memory)
    left_behind = await memory.token_of(host)
    await memory.connect(host)

    await memory.app.reset_password(await asked_for_reset(memory, hanne.email), ANOTHER)

    assert await is_confirmed(memory, host)
    assert () == tuple(await memory.ports.views.connections(host.id))
    assert await host_of(memory.store.bearer_tokens, left_behind, memory.clock()) is None


async def test_a_confirmed_host_keeps_api_tokens_over_a_reset() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    token = await memory.token_of(host)

    await memory.app.reset_password(await asked_for_reset(memory, host.email), ANOTHER)

    assert host.id == await host_of(memory.store.bearer_tokens, token, memory.clock())


@pytest.mark.parametrize("way", ["reset", "change"])
async def test_a_new_password_revokes_the_hosts_api_tokens_where_that_is_wished(way: str) -> None:
    memory = MemoryApp()
    host, other = await memory.host(password=PASSWORD), await memory.host()
    token, theirs = await memory.token_of(host), await memory.token_of(other)

    if way == "reset":
        link = await asked_for_reset(memory, host.email)
        await memory.app.reset_password(link, ANOTHER, revoke_tokens=True)
    else:
        await memory.app.change_password(HostActor(host.id), PASSWORD, ANOTHER, revoke_tokens=True)

    assert await host_of(memory.store.bearer_tokens, token, memory.clock()) is None
    assert other.id == await host_of(memory.store.bearer_tokens, theirs, memory.clock())


async def test_a_reset_for_an_unknown_address_is_owed_like_any_other_and_mails_nobody() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)

    await memory.app.ask_for_mail("reset", host.email)
    await memory.app.ask_for_mail("reset", "nobody@hosts.example")
    owed = await memory.store.backlog.lease(10, timedelta(minutes=1))
    for lease in owed:
        await memory.app.run_job(lease)

    assert [MailAccountJob, MailAccountJob] == [type(lease.job) for lease in owed]
    assert [host.email] == [notice.to.email for notice in memory.mailer.notices]


async def test_a_mail_that_fails_is_tried_again_with_a_link_of_its_own() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    memory.mailer.refuse(MailTryLater(ServerAnswered(421, "come back later"), unclear=True))

    await memory.app.ask_for_mail("reset", host.email)
    await memory.work_off()
    memory.clock.advance(timedelta(minutes=5))
    await memory.work_off()

    tried = [notice for notice in memory.mailer.tried if isinstance(notice, Notice)]
    assert 2 == len({notice.id for notice in tried}) == len({token_in(notice) for notice in tried})
    assert all([await memory.app.reset_password.is_good(token_in(notice)) for notice in tried])


async def test_a_reset_mail_that_is_an_hour_late_is_not_sent() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)

    await memory.app.ask_for_mail("reset", host.email)
    memory.clock.advance(RESET_GOOD_FOR)
    await memory.work_off()

    assert [] == memory.mailer.notices


async def test_tries_count_before_the_password_is_looked_at_and_a_right_one_clears_them() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)

    tried = await asyncio.gather(
        *(memory.app.sign_in(host.email, "wrong") for _ in range(SIGN_IN_FAILURES.most + 5)), return_exceptions=True
    )
    with pytest.raises(TooManyRequests):
        await memory.app.sign_in(host.email, PASSWORD)
    memory.clock.advance(SIGN_IN_FAILURES.window + A_SECOND)
    await memory.app.sign_in(host.email, PASSWORD)

    assert SIGN_IN_FAILURES.most == sum(isinstance(each, Unauthorized) for each in tried)
    assert 5 == sum(isinstance(each, TooManyRequests) for each in tried)
    for _ in range(SIGN_IN_FAILURES.most):
        with pytest.raises(Unauthorized):
            await memory.app.sign_in(host.email, "wrong")


async def test_a_reset_lets_its_owner_in_at_once_after_too_many_failures() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    for _ in range(SIGN_IN_FAILURES.most + 1):
        with pytest.raises((Unauthorized, TooManyRequests)):
            await memory.app.sign_in(host.email, "wrong")

    await memory.app.reset_password(await asked_for_reset(memory, host.email), ANOTHER)

    assert await memory.app.sign_in(host.email, ANOTHER)


async def test_a_changed_password_keeps_a_new_session_alone() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    old = (await memory.app.sign_in(host.email, PASSWORD)).session

    new = (await memory.app.change_password(HostActor(host.id), PASSWORD, ANOTHER)).session

    assert [None, host.id] == [await host_of_session(memory.store, each, memory.clock()) for each in (old, new)]
    with pytest.raises(InvalidInput) as refusal:
        await memory.app.change_password(HostActor(host.id), PASSWORD, "third password")
    assert ["current_password"] == fields(refusal.value)


async def test_a_new_address_counts_once_it_has_answered_and_the_old_one_is_told() -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(email="old@hosts.example"), password=PASSWORD)

    await memory.app.change_email(HostActor(host.id), "new@hosts.example", PASSWORD)
    await memory.work_off()
    before = await email_of(memory, host)
    await memory.app.confirm_email(token_in(memory.mailer.notices[-1]), HostActor(host.id))
    await memory.work_off()

    assert ("old@hosts.example", "new@hosts.example") == (before, await email_of(memory, host))
    assert [ConfirmNewAddress] == noticed(memory, "new@hosts.example")
    assert [EmailChangeAsked, EmailChanged] == noticed(memory, "old@hosts.example")
    assert await is_confirmed(memory, host)


async def test_whoever_wants_a_known_address_learns_nothing_and_its_owner_is_told() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    await memory.host(a_host(email="known@hosts.example"))

    asked: list[str] = []
    for name in ("known", "unknown"):
        asked.append(await memory.app.change_email(HostActor(host.id), f"{name}@hosts.example", PASSWORD))
        await memory.work_off()

    assert ["known@hosts.example", "unknown@hosts.example"] == asked
    assert [AddressWanted] == noticed(memory, "known@hosts.example")
    assert [ConfirmNewAddress] == noticed(memory, "unknown@hosts.example")


async def test_an_address_that_somebody_took_in_between_stays_theirs() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    await memory.app.change_email(HostActor(host.id), "wanted@hosts.example", PASSWORD)
    await memory.work_off()
    token = token_in(memory.mailer.notices[-1])
    await memory.host(a_host(email="wanted@hosts.example"))

    with pytest.raises(InvalidInput):
        await memory.app.confirm_email(token, HostActor(host.id))

    assert host.email == await email_of(memory, host)


async def test_the_last_address_that_was_asked_for_is_the_one_that_counts() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    await memory.app.change_email(HostActor(host.id), "first@hosts.example", PASSWORD)
    await memory.work_off()
    first = token_in(memory.mailer.notices[-1])

    await memory.app.change_email(HostActor(host.id), "second@hosts.example", PASSWORD)

    with pytest.raises(NotFound):
        await memory.app.confirm_email(first)


async def test_a_new_address_over_the_api_counts_once_it_has_answered() -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(email="old@hosts.example"), password=PASSWORD)

    told = await memory.app.edit_profile(HostActor(host.id), ProfileEdit(email="new@hosts.example"))
    await memory.work_off()

    assert "old@hosts.example" == told.email == await email_of(memory, host)
    assert await is_confirmed(memory, host)
    assert [EmailChangeAsked] == noticed(memory, "old@hosts.example")
    assert [ConfirmNewAddress] == noticed(memory, "new@hosts.example")

    await memory.app.confirm_email(token_in(memory.mailer.notices[-1]), HostActor(host.id))

    assert "new@hosts.example" == await email_of(memory, host)


async def test_a_former_handle_leads_on_for_90_days_and_is_free_then() -> None:
    memory = MemoryApp()
    host, other = await memory.host(a_host(handle="before")), await memory.host(a_host())
    await memory.app.edit_profile(HostActor(host.id), ProfileEdit(handle="after"))

    for taking in (
        memory.app.edit_profile(HostActor(other.id), ProfileEdit(handle="before")),
        memory.app.sign_up(msgspec.structs.replace(hanne, handle="before")),
        memory.app.create_account(msgspec.structs.replace(hanne, handle="before")),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await taking
        assert ["handle"] == fields(refusal.value)
    assert "after" == await memory.store.views.present_handle("before", memory.clock())

    memory.clock.advance(HANDLE_KEPT_FOR)

    assert await memory.store.views.present_handle("before", memory.clock()) is None
    assert "before" == (await memory.app.edit_profile(HostActor(other.id), ProfileEdit(handle="before"))).handle


async def test_a_host_may_go_back_to_a_handle_and_not_move_all_day() -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(handle="home"))

    for n in range(NEW_HANDLES.most):
        await memory.app.edit_profile(HostActor(host.id), ProfileEdit(handle="home" if n % 2 else "away"))
    same = await memory.app.edit_profile(HostActor(host.id), ProfileEdit(handle="away", name="Hanne Neu"))

    assert ("away", "Hanne Neu") == (same.handle, same.name)
    with pytest.raises(TooManyRequests):
        await memory.app.edit_profile(HostActor(host.id), ProfileEdit(handle="home"))


async def test_of_two_who_want_one_handle_at_once_one_gets_it() -> None:
    memory = MemoryApp()
    hosts = [await memory.host() for _ in range(5)]

    tried = await asyncio.gather(
        *(memory.app.edit_profile(HostActor(host.id), ProfileEdit(handle="wanted")) for host in hosts),
        return_exceptions=True,
    )

    assert 1 == sum(isinstance(each, Host) for each in tried)
    assert 4 == sum(isinstance(each, InvalidInput) for each in tried)


async def a_booked_host(memory: MemoryApp) -> tuple[Host, list[GuestToken]]:
    """With Zoom connected and two bookings that are mailed."""
    host = await memory.host(a_host(handle="hanne"), password=PASSWORD)
    await memory.connect(host)
    page = await memory.page(a_page(host))
    tokens: list[GuestToken] = []
    for hour in (10, 11):
        booking = a_booking(page)
        slot = msgspec.structs.replace(
            booking.slot, start=booking.slot.start.replace(hour=hour), end=booking.slot.end.replace(hour=hour)
        )
        booking = msgspec.structs.replace(booking, slot=slot, announced=True)
        async with memory.store.begin() as uow:
            uow.bookings.add(booking)
            uow.booking_mails.mailed(booking, "guest", memory.clock())
            uow.booking_mails.mailed(booking, "host", memory.clock())
        tokens.append(token_of(booking))
    return host, tokens


@pytest.mark.parametrize(
    ("handle", "password", "agreed", "wrong"),
    [
        ("anna", PASSWORD, True, ["handle"]),
        ("hanne", PASSWORD, False, ["cancel_bookings"]),
        ("hanne", "wrong", True, ["password"]),
        ("", "", False, ["cancel_bookings", "handle", "password"]),
    ],
)
async def test_an_account_is_not_deleted_by_mistake(handle: str, password: str, agreed: bool, wrong: list[str]) -> None:
    memory = MemoryApp()
    host, _ = await a_booked_host(memory)

    with pytest.raises(InvalidInput) as refusal:
        await memory.app.delete_account(HostActor(host.id), handle, password, cancel_bookings=agreed)

    assert wrong == fields(refusal.value)
    assert await memory.app.sign_in(host.email, PASSWORD)
    assert 2 == await memory.app.delete_account.upcoming_bookings(HostActor(host.id))


async def test_a_deleted_account_tells_the_guests_first_and_leaves_nothing() -> None:
    memory = MemoryApp()
    host, bookings = await a_booked_host(memory)
    api_token = await memory.token_of(host)
    session = (await memory.app.sign_in(host.email, PASSWORD)).session

    await memory.app.delete_account(HostActor(host.id), "Hanne ", PASSWORD, cancel_bookings=True)
    shut = [
        await host_of_session(memory.store, session, memory.clock()),
        await host_of(memory.store.bearer_tokens, api_token, memory.clock()),
    ]
    pages_then = await memory.store.views.pages(host.id)
    await memory.work_off()
    told = [(mail.kind, mail.host_is_leaving) for mail in memory.mailer.mails_to("guest")]
    memory.clock.advance(timedelta(minutes=1))
    await memory.work_off()

    assert [None, None] == shut
    assert [] == pages_then
    assert [("cancelled", True)] * 2 == told
    assert [] == memory.mailer.mails_to("host")
    assert [AccountDeletedNotice] == noticed(memory, host.email)
    assert 1 == len(memory.providers["zoom"].revoked)
    assert await email_of(memory, host) is None
    assert [None, None] == [await memory.store.views.booking_for(each) for each in bookings]
    assert [] == await memory.store.views.connections(host.id)
    assert await memory.store.backlog.next_due_at() is None


async def test_the_operator_deletes_an_account_with_all_that_its_owner_could() -> None:
    memory = MemoryApp()
    host, bookings = await a_booked_host(memory)

    await memory.app.delete_account_of(System(), host.id)
    await memory.work_off()
    memory.clock.advance(WAITS_FOR_LATECOMERS)
    await memory.work_off()

    assert ["cancelled", "cancelled"] == [mail.kind for mail in memory.mailer.mails_to("guest")]
    assert [AccountDeletedNotice(by_operator=True)] == [each.about for each in memory.mailer.notices]
    assert await email_of(memory, host) is None
    assert [None, None] == [await memory.store.views.booking_for(each) for each in bookings]


async def test_nothing_is_erased_before_the_guests_are_told() -> None:
    memory = MemoryApp()
    host, _ = await a_booked_host(memory)
    memory.mailer.refuse(MailTryLater(ServerAnswered(421, "come back later")), times=6)

    await memory.app.delete_account(HostActor(host.id), "hanne", PASSWORD, cancel_bookings=True)
    await memory.work_off()
    memory.clock.advance(timedelta(seconds=11))
    await memory.work_off()
    waiting = await email_of(memory, host)
    for _ in range(20):
        memory.clock.advance(timedelta(minutes=2))
        await memory.work_off()

    assert host.email == waiting
    assert ["cancelled", "cancelled"] == [mail.kind for mail in memory.mailer.mails_to("guest")]
    assert await email_of(memory, host) is None


async def test_an_account_that_is_being_deleted_gets_no_way_back_in() -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(handle="hanne"), password=PASSWORD)
    token = await asked_for_reset(memory, host.email)

    await memory.app.delete_account(HostActor(host.id), "hanne", PASSWORD, cancel_bookings=False)
    await memory.app.ask_for_mail("reset", host.email)
    leases = await memory.store.backlog.lease(10, timedelta(minutes=1))
    for lease in (each for each in leases if isinstance(each.job, MailAccountJob)):
        await memory.app.run_job(lease)

    assert [ResetPasswordLink, AccountDeletedNotice] == noticed(memory, host.email)
    with pytest.raises(NotFound):
        await memory.app.reset_password(token, ANOTHER)
    with pytest.raises(Unauthorized):
        await memory.app.sign_in(host.email, PASSWORD)


async def test_who_deleted_an_account_may_sign_up_again_and_nobody_gets_the_handle() -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(handle="hanne", email="hanne@hosts.example"), password=PASSWORD)
    await memory.app.delete_account(HostActor(host.id), "hanne", PASSWORD, cancel_bookings=False)
    await memory.work_off()
    memory.clock.advance(WAITS_FOR_LATECOMERS)
    await memory.work_off()

    with pytest.raises(InvalidInput):
        await memory.app.sign_up(hanne)

    assert await memory.app.sign_up(msgspec.structs.replace(hanne, handle="hanne-2"))


async def test_nobody_gets_into_an_account_that_is_closed_while_the_password_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    passwords = memory.app.sign_in.prove.passwords
    matches = passwords.matches

    async def slowly(password: str, password_hash: str | None, /) -> bool:
        known = await matches(password, password_hash)
        monkeypatch.undo()
        await memory.app.delete_account(HostActor(host.id), host.handle, PASSWORD, cancel_bookings=True)
        return known

    monkeypatch.setattr(passwords, "matches", slowly)
    session = (await memory.app.sign_in(host.email, PASSWORD)).session

    assert await memory.app.identify_session(session) is None


async def test_an_api_token_that_is_issued_while_the_account_is_closed_lets_nobody_act() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    await memory.app.delete_account(HostActor(host.id), host.handle, PASSWORD, cancel_bookings=True)

    token = await memory.token_of(host)

    with pytest.raises(Unauthorized):
        await memory.app.identify_token(token)
