"""Accounts, links in mails, mails that are to be sent: what every store promises about them."""

import asyncio
from datetime import timedelta

import pytest

from application.jobs import Due, MailBookingJob, RemindGuestJob
from application.ports.account_storage import Account, AccountMail, AccountMailKind, MailToken, Purpose
from application.ports.hosts import FormerHandle
from application.ports.oauth import Grant
from domain.booking_page import BookingPage
from domain.host import Host
from tests.support.builders import A_DAY, NOW, a_booking, a_connection, a_host, a_page, token_of
from tests.support.store import Store, a_unit_that_fails, host_of_session, keep
from tests.support.tokens import an_api_token, host_of

LATER = NOW + A_DAY


async def account_of(store: Store, host: Host) -> Account | None:
    async with store.begin() as uow:
        return await uow.accounts.get(host.id)


async def test_a_new_account_is_unconfirmed_and_open(store: Store) -> None:
    host = a_host(email="hanne@hosts.example")
    async with store.begin() as uow:
        uow.hosts.add(host, "$argon2id$v=19$…")

    expected = Account(host, "$argon2id$v=19$…", email_confirmed_at=None, closed_at=None)
    assert expected == await account_of(store, host)


@pytest.mark.parametrize("email", ["\u0130nga.k@hosts.example", "inga.\u212a@hosts.example"])
async def test_an_account_is_found_by_no_letters_but_those_of_its_address(store: Store, email: str) -> None:
    # Python and PostgreSQL disagree in what becomes of them, so failures with them would be counted apart.
    await keep(store, a_host(email="Inga.K@hosts.example"))

    async with store.begin() as uow:
        assert await uow.accounts.find(email) is None


async def test_an_account_is_found_by_its_address_without_case(store: Store) -> None:
    host = a_host(email="Hanne@Hosts.example")
    await keep(store, host)

    async with store.begin() as uow:
        found = await uow.accounts.find("hANNE@hosts.EXAMPLE")
        assert await uow.accounts.find("nobody@hosts.example") is None

    assert Account(host, None, None, None) == found


async def test_an_address_is_confirmed_and_a_password_set_without_touching_another_host(
    store: Store, host: Host
) -> None:
    other = a_host()
    await keep(store, other)

    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
        uow.accounts.set_password(host.id, "another hash")

    assert Account(host, "another hash", NOW, None) == await account_of(store, host)
    assert Account(other, None, None, None) == await account_of(store, other)


async def test_a_confirmation_can_be_taken_back_and_survives_a_saved_profile(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
    async with store.begin() as uow:
        uow.hosts.save(host)
    kept = await account_of(store, host)
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, None)

    assert Account(host, None, NOW, None) == kept
    assert Account(host, None, None, None) == await account_of(store, host)


async def test_all_sessions_of_a_host_end_at_once_and_nobody_elses(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    mine = [await store.sessions.open(host.id, LATER) for _ in range(3)]
    theirs = await store.sessions.open(other.id, LATER)

    async with a_unit_that_fails(store) as uow:
        uow.accounts.end_sessions(host.id)
    before = [await host_of_session(store, token, NOW) for token in mine]
    async with store.begin() as uow:
        uow.accounts.end_sessions(host.id)

    assert [host.id] * 3 == before
    assert [None] * 3 == [await host_of_session(store, token, NOW) for token in mine]
    assert other.id == await host_of_session(store, theirs, NOW)


async def test_all_api_tokens_of_a_host_are_revoked_at_once_and_nobody_elses(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    mine = await an_api_token(store.begin, host.id, NOW)
    theirs = await an_api_token(store.begin, other.id, NOW)

    async with store.begin() as uow:
        uow.accounts.revoke_api_tokens(host.id)

    assert [None, other.id] == [await host_of(store.bearer_tokens, token, NOW) for token in (mine, theirs)]


async def test_api_tokens_older_than_an_instant_are_revoked(store: Store, host: Host) -> None:
    made = [await an_api_token(store.begin, host.id, NOW + timedelta(seconds=number)) for number in (-1, 0, 1)]

    async with store.begin() as uow:
        uow.accounts.revoke_api_tokens(host.id, made_before=NOW)

    assert [None, host.id, host.id] == [await host_of(store.bearer_tokens, token, NOW) for token in made]


def a_link(host: Host, purpose: Purpose = "reset") -> MailToken:
    return MailToken(host.id, purpose, host.email, LATER)


async def remember(store: Store, token: str, means: MailToken) -> None:
    async with store.begin() as uow:
        uow.mail_tokens.remember(token, means)


async def test_looking_at_a_link_does_not_use_it_up(store: Store, host: Host) -> None:
    await remember(store, "token", a_link(host))

    async with store.begin() as uow:
        found = [await uow.mail_tokens.find("token", "reset", NOW) for _ in range(3)]

    assert [a_link(host)] * 3 == found


async def test_a_link_is_good_once(store: Store, host: Host) -> None:
    await remember(store, "token", a_link(host))

    taken: list[MailToken | None] = []
    for _ in range(2):
        async with store.begin() as uow:
            taken.append(await uow.mail_tokens.take("token", "reset", NOW))

    assert [a_link(host), None] == taken


async def test_a_link_stays_good_where_the_unit_fails(store: Store, host: Host) -> None:
    await remember(store, "token", a_link(host))

    async with a_unit_that_fails(store) as uow:
        await uow.mail_tokens.take("token", "reset", NOW)

    async with store.begin() as uow:
        assert a_link(host) == await uow.mail_tokens.take("token", "reset", NOW)


async def test_of_ten_who_use_a_link_at_once_one_gets_through(store: Store, host: Host) -> None:
    await remember(store, "token", a_link(host))

    async def take() -> MailToken | None:
        async with store.begin() as uow:
            return await uow.mail_tokens.take("token", "reset", NOW)

    taken = await asyncio.gather(*(take() for _ in range(10)))

    assert (1, 9) == (taken.count(a_link(host)), taken.count(None))


async def test_a_link_is_good_for_its_purpose_and_until_it_ends(store: Store, host: Host) -> None:
    await remember(store, "token", a_link(host))

    async with store.begin() as uow:
        assert await uow.mail_tokens.find("token", "confirm", NOW) is None
        assert await uow.mail_tokens.take("token", "confirm", NOW) is None
        assert await uow.mail_tokens.find("token", "reset", LATER) is None
        assert await uow.mail_tokens.take("token", "reset", LATER) is None
        assert await uow.mail_tokens.find("made up", "reset", NOW) is None
        assert await uow.mail_tokens.find("🐟\0\ud800", "reset", NOW) is None
        assert a_link(host) == await uow.mail_tokens.take("token", "reset", NOW)


async def test_links_of_one_purpose_are_forgotten_together_and_alone(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    links = {
        "one": a_link(host),
        "two": a_link(host),
        "other purpose": a_link(host, "confirm"),
        "other host": a_link(other),
    }
    for token, means in links.items():
        await remember(store, token, means)

    async with store.begin() as uow:
        uow.mail_tokens.forget(host.id, "reset")

    async with store.begin() as uow:
        left = [await uow.mail_tokens.find(token, means.purpose, NOW) for token, means in links.items()]
    assert [None, None, a_link(host, "confirm"), a_link(other)] == left


async def test_mails_of_one_kind_are_withdrawn_and_one_asked_for_by_the_same_unit_stays(
    store: Store, host: Host
) -> None:
    other = a_host()
    await keep(store, other)
    kinds: tuple[AccountMailKind, ...] = ("confirm_change", "confirm_change", "reset")
    before = [AccountMail(f"mine-{n}", kind, host.id, "a@b.example", "", "en", NOW) for n, kind in enumerate(kinds)]
    theirs = AccountMail("theirs", "confirm_change", other.id, "a@b.example", "", "en", NOW)
    after = AccountMail("after", "confirm_change", host.id, "c@b.example", "", "en", NOW)
    async with store.begin() as uow:
        for each in (*before, theirs):
            uow.account_mails.ask(each)

    async with store.begin() as uow:
        uow.account_mails.withdraw(host.id, "confirm_change")
        uow.account_mails.ask(after)

    async with store.begin() as uow:
        left = [await uow.account_mails.get(each.id) for each in (*before, theirs, after)]
    assert [None, None, before[2], theirs, after] == left


@pytest.mark.parametrize("to", ["a host", "nobody"])
async def test_a_mail_that_was_asked_for_is_kept_until_it_is_forgotten(store: Store, host: Host, to: str) -> None:
    mail = AccountMail(
        id="mail-1",
        kind="reset",
        host_id=host.id if to == "a host" else None,
        email="zoë@gäste.example",
        name="Zoë 🐟",
        language="de",
        asked_at=NOW,
    )
    async with store.begin() as uow:
        uow.account_mails.ask(mail)

    async with store.begin() as uow:
        kept = await uow.account_mails.get("mail-1")
        uow.account_mails.forget("mail-1")

    assert mail == kept
    async with store.begin() as uow:
        assert await uow.account_mails.get("mail-1") is None
        assert await uow.account_mails.get("unknown") is None


async def test_a_closed_account_lets_nobody_in(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    session, theirs = await store.sessions.open(host.id, LATER), await store.sessions.open(other.id, LATER)
    api_token = await an_api_token(store.begin, host.id, NOW)
    await remember(store, "token", a_link(host))
    async with store.begin() as uow:
        uow.accounts.set_password(host.id, "a hash")

    async with store.begin() as uow:
        uow.accounts.close(host.id, NOW)

    assert Account(host, None, None, closed_at=NOW) == await account_of(store, host)
    assert await host_of_session(store, session, NOW) is None
    assert other.id == await host_of_session(store, theirs, NOW)
    assert await host_of(store.bearer_tokens, api_token, NOW) is None
    async with store.begin() as uow:
        assert await uow.mail_tokens.find("token", "reset", NOW) is None


async def test_what_is_opened_for_an_account_while_it_is_closed_is_worthless(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        uow.accounts.close(host.id, NOW)

    session = await store.sessions.open(host.id, LATER)
    api_token = await an_api_token(store.begin, host.id, NOW)

    assert await host_of_session(store, session, NOW) is None
    assert await host_of(store.bearer_tokens, api_token, NOW) is None


async def test_mails_are_owed_while_any_is_about_a_booking_of_the_host(
    store: Store, host: Host, page: BookingPage
) -> None:
    booking = a_booking(page)
    others = a_booking(a_page(a_host()))
    await keep(
        store, booking, others, Due(RemindGuestJob(booking.id, NOW), NOW), Due(MailBookingJob(others.id, "guest"), NOW)
    )

    async def owes() -> bool:
        async with store.begin() as uow:
            return await uow.accounts.has_mails_to_send(host.id)

    before = await owes()
    await keep(store, Due(MailBookingJob(booking.id, "host"), NOW))

    assert (False, True) == (before, await owes())


async def test_erasing_leaves_nothing_of_the_host_and_all_of_everybody_else(
    store: Store, host: Host, page: BookingPage
) -> None:
    other = a_host()
    others_page = a_page(other)
    mine, theirs = a_booking(page), a_booking(others_page)
    await keep(store, other, others_page, mine, theirs)
    await keep(store, *(Due(RemindGuestJob(each.id, NOW), NOW) for each in (mine, theirs)))
    session, others_session = await store.sessions.open(host.id, LATER), await store.sessions.open(other.id, LATER)
    async with store.begin() as uow:
        uow.connections.put(a_connection(host), Grant("access", "refresh", NOW, frozenset()))

    async with store.begin() as uow:
        uow.accounts.erase(host.id, LATER)

    views = store.views
    assert await account_of(store, host) is None
    assert await host_of_session(store, session, NOW) is None
    assert await views.public_page(host.handle, page.slug) is None
    assert await views.booking_for(token_of(mine)) is None
    assert [] == await views.connections(host.id)
    assert other.id == await host_of_session(store, others_session, NOW)
    assert await views.booking_for(token_of(theirs)) is not None
    assert await views.public_page(other.handle, others_page.slug) is not None
    assert [RemindGuestJob(theirs.id, NOW)] == [lease.job for lease in await store.backlog.lease(10, A_DAY)]


async def test_nobody_takes_the_handles_of_an_erased_host_until_then(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        await uow.hosts.lock_handle("before", NOW)
        uow.hosts.leave_handle(host.id, "before", LATER)
    async with store.begin() as uow:
        uow.accounts.erase(host.id, LATER)

    async with store.begin() as uow:
        for handle in (host.handle, "before"):
            assert FormerHandle(None) == await uow.hosts.lock_handle(handle, NOW)
            assert await uow.hosts.lock_handle(handle, LATER) is None
    assert [None, None] == [await store.views.present_handle(each, NOW) for each in (host.handle, "before")]


async def test_erasing_nobody_changes_nothing(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        uow.accounts.erase(a_host().id, LATER)

    assert await account_of(store, host) is not None
