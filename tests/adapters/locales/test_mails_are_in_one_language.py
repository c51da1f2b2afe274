"""Every mail and every calendar file asks the catalogue for every word in it."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import get_args

import pytest
from msgspec.structs import replace

from adapters.mail.support import support_message
from adapters.mail.wording import letter_of
from adapters.presentation.language import speaking
from application.accounts.sign_up import NewHost
from application.actor import HostActor
from application.jobs import Due, TellConnectionJob
from application.ports.mail import BookingMail, Invitee, MailKind, Notice, SupportMail, VisitorMailKind
from domain.booking import Cancellation, Move
from domain.conference import Failed, NoConference, Pending
from domain.connection import Blocked, NeedsReconnect
from domain.fallback import MeetingFailed
from domain.ids import LeaveToken, SupportThreadId, SupportToken
from domain.meeting_type import MADE_BY, InPerson
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import MeetingsNotAllowed, UserUnknown
from domain.support_thread import SupportThread, ThreadMessage
from tests.adapters.locales.mails import (
    GREEK_HOST,
    SAYS_NO,
    body_of,
    english_in_letter,
    english_in_mail,
    in_greek,
)
from tests.support.builders import a_host, a_page, zoom
from tests.support.mail_examples import EARLIER_START, ORIGIN, PARTIES, START, every_mail, mail_of, name_of_mail
from tests.support.mail_examples import booking as an_example
from tests.support.memory_app import MemoryApp
from tests.support.pseudo import PSEUDO, english_in, english_on
from tests.support.serving import Server, a_request, an_open_page
from tests.support.visiting import PASSWORD

BOB = Invitee(0, "bob@guests.example", LeaveToken("0"))
VISITORS: dict[VisitorMailKind, int] = {"receipt": 0, "answer": 1}
"""The mails to visitors who write to support, and which message each is about."""

NEW_HOST = NewHost("hanne@hosts.example", "Χάννε", "hanne", "Europe/Berlin", PASSWORD)
THREAD = SupportThread(
    SupportThreadId("thread-1"),
    SupportToken("0"),
    "anna@guests.example",
    "/a",
    "el",
    (ThreadMessage("visitor", START, "Αυτό."), ThreadMessage("operator", START, "Ναι.")),
)


def mails() -> Iterator[BookingMail]:
    for mail in every_mail():
        yield replace(mail, host=GREEK_HOST, booking=in_greek(mail.booking))
    for party in PARTIES:
        for provider in PROVIDERS:
            for failed in (Failed(SAYS_NO), Pending(provider, attempts=1, failure=SAYS_NO)):
                example = an_example(meeting_type=MADE_BY[provider], conference=failed)
                yield mail_of("confirmed", party, in_greek(example), GREEK_HOST)
            fell_back = an_example(
                conference=NoConference(), meeting_type=InPerson("Λιμάνι"), fallback=MeetingFailed(SAYS_NO)
            )
            yield mail_of("updated", party, in_greek(fell_back), GREEK_HOST)
        yield replace(mail_of("confirmed", party, in_greek(an_example()), GREEK_HOST), kind="reminder")
        for by in PARTIES:
            moved = an_example(move=Move(by, EARLIER_START, "Ω"), cancellation=Cancellation(by, START, "Ω"))
            yield mail_of("rescheduled", party, in_greek(moved), GREEK_HOST)
            yield mail_of("cancelled", party, in_greek(moved), GREEK_HOST)

    for mail in every_mail():
        if mail.party == "guest":
            yield replace(mail, host=GREEK_HOST, booking=in_greek(mail.booking), invitee=BOB)
    yield BookingMail("left", "guest", in_greek(an_example()), GREEK_HOST, invitee=replace(BOB, left_at=START))


def test_mails_of_each_kind_are_read() -> None:
    read = [*mails()]

    assert {*get_args(MailKind)} == {each.kind for each in read}
    assert {*get_args(MailKind)} - {"reminder"} == {each.kind for each in read if each.invitee}
    assert {*VISITORS} == {*get_args(VisitorMailKind)}


@pytest.mark.parametrize("mail", list(mails()), ids=name_of_mail)
def test_mails_about_a_booking(mail: BookingMail) -> None:
    assert [] == english_in_mail(mail)


def english_in_notice(notice: Notice) -> list[str]:
    with speaking(PSEUDO):
        letter = letter_of(notice, ORIGIN)
    return english_in_letter(letter)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("state", [NeedsReconnect(UserUnknown("zoom")), Blocked(MeetingsNotAllowed("zoom"))])
async def test_mails_about_a_connection(provider: Provider, state: NeedsReconnect | Blocked) -> None:
    memory = MemoryApp()
    host = await memory.host(a_host(name="Χάννε"))
    await memory.connect(host, provider, state=state)
    async with memory.store.begin() as uow:
        at = memory.clock()
        uow.outbox.enqueue(
            Due(TellConnectionJob(host.id, provider, "trouble", at), at),
            Due(TellConnectionJob(host.id, provider, "removed", at), at),
        )

    await memory.work_off()

    assert 2 == len(memory.mailer.notices)
    assert [] == [word for notice in memory.mailer.notices for word in english_in_notice(notice)]


async def test_the_mail_about_a_guest_who_could_not_book() -> None:
    server = Server()
    page = a_page(host := a_host(name="Χάννε"), title="Σελίδα", meeting_types=(zoom,))
    _, path = await an_open_page(server, page, host)
    await server.memory.connect(host, state=Blocked(MeetingsNotAllowed("zoom")))
    await server.client().post(f"{path}/bookings", json=a_request())

    await server.memory.work_off()

    [notice] = server.memory.mailer.notices
    assert [] == english_in_notice(notice)


async def test_mails_about_an_account() -> None:
    memory = MemoryApp()
    browser = await memory.app.sign_up(NEW_HOST)
    opened = browser and await memory.app.identify_session(browser.session)
    assert opened
    host = opened.host
    await memory.app.sign_up(replace(NEW_HOST, handle="another"))
    await memory.app.ask_for_mail("reset", host.email)
    await memory.work_off()
    await memory.app.change_password(HostActor(host.id), PASSWORD, "battery staple")
    await memory.app.change_email(HostActor(host.id), "another@hosts.example", "battery staple")
    await memory.work_off()

    assert [] == [word for notice in memory.mailer.notices for word in english_in_notice(notice)]


@pytest.mark.parametrize(("kind", "number"), VISITORS.items())
def test_mails_from_support(kind: VisitorMailKind, number: int) -> None:
    mail = SupportMail(kind=kind, to=THREAD.email, thread=THREAD, number=number)
    with speaking(PSEUDO):
        copy = message_from_bytes(support_message(mail, ORIGIN).content, policy=default)
    text, html = (copy.get_body((each,)) for each in ("plain", "html"))
    assert text
    assert html

    assert [] == [
        *english_in(copy["Subject"]),
        *english_in(text.get_content()),
        *english_on(body_of(html.get_content())),
    ]
