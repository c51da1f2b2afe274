"""Mails of conversations with support."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import msgspec
import pytest

from adapters.mail.support import support_message
from application.ports.mail import RecipientRefused, SupportMail
from application.ports.support import Screenshot
from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import SupportThread, ThreadMessage
from tests.support.linkifiers import as_seen
from tests.support.mail_examples import ORIGIN

OPERATOR = "operator@timetuna.example"
SENDER = "zoe@guest.example"
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LURE = "It says:\n\n<b>“No times”</b> at https://evil.example/win and www.evil.example, ask a@evil.example"
THREAD = SupportThread(
    id=SupportThreadId("thread-1"),
    token=SupportToken("secret0of0the0visitor"),
    email=SENDER,
    page_url="https://timetuna.example/anna/intro",
    language="en",
    messages=(
        ThreadMessage("visitor", SUNDAY, LURE, has_screenshot=True),
        ThreadMessage("operator", SUNDAY, "Please read\nhttps://timetuna.example/help/zoom"),
        ThreadMessage("visitor", SUNDAY, "Thanks."),
    ),
)
SHOT = Screenshot(b"\x89PNG\0\xff", "png")
OF_OPERATOR: dict[str, Any] = {"kind": "to_operator", "to": OPERATOR, "thread": THREAD, "desk_link": "secret0of0desk"}
TO_OPERATOR = SupportMail(**OF_OPERATOR, number=0, screenshot=SHOT)
RECEIPT = SupportMail(kind="receipt", to=SENDER, thread=THREAD, number=0)
ANSWER = SupportMail(kind="answer", to=SENDER, thread=THREAD, number=1)


def sent(mail: SupportMail) -> EmailMessage:
    return message_from_bytes(support_message(mail, ORIGIN).content, policy=default)


def text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part
    return part.get_content()


def test_the_operator_reads_everything_and_answers_on_the_page() -> None:
    message = sent(TO_OPERATOR)

    assert OPERATOR == message["To"]
    assert f"Support: message from {SENDER}" == as_seen(message["Subject"])
    plain = as_seen(text(message))
    for words in (
        SENDER,
        THREAD.page_url,
        "It says:",
        "https://evil.example/win",
        "Tuesday, 24 November 2026, 00:00 UTC",
    ):
        assert words in plain, words
    assert f"{ORIGIN.public_url}/support/desk/secret0of0desk/thread-1" in plain
    assert "&lt;b&gt;" in text(message, "html")


def test_no_mail_says_whom_to_reply_to_because_replies_quote_the_operators_link() -> None:
    assert [None] * 3 == [sent(mail)["Reply-To"] for mail in (TO_OPERATOR, RECEIPT, ANSWER)]


def test_the_visitor_gets_the_answer_and_the_way_back() -> None:
    message = sent(ANSWER)

    assert [SENDER, "Support has answered"] == [message["To"], message["Subject"]]
    plain = text(message)
    assert "https://timetuna.example/help/zoom" in plain
    assert f"{ORIGIN.public_url}/support/secret0of0the0visitor" in plain
    assert "https://evil.example/win" in as_seen(plain)
    assert "Thanks." not in plain


@pytest.mark.parametrize("mail", [RECEIPT, ANSWER], ids=["receipt", "answer"])
def test_the_operators_link_reaches_nobody_else(mail: SupportMail) -> None:
    assert b"/desk/" not in support_message(mail, ORIGIN).content


def test_the_mails_of_a_conversation_are_shown_together() -> None:
    first, later = sent(TO_OPERATOR), sent(SupportMail(**OF_OPERATOR, number=2))

    assert first["Message-ID"] == later["References"] == later["In-Reply-To"]
    assert sent(RECEIPT)["Message-ID"] == sent(ANSWER)["References"]
    assert first["References"] is None


@pytest.mark.parametrize(("kind", "name"), [("png", "screenshot.png"), ("jpeg", "screenshot.jpg")])
def test_the_operator_gets_the_screenshot_as_a_file(kind: str, name: str) -> None:
    picture = msgspec.convert({"content": b"\xff\xd8\0", "kind": kind}, Screenshot)

    [attached] = sent(SupportMail(**OF_OPERATOR, number=0, screenshot=picture)).iter_attachments()

    assert (name, f"image/{kind}") == (attached.get_filename(), attached.get_content_type())
    assert b"\xff\xd8\0" == attached.get_payload(decode=True)


def test_the_receipt_says_nothing_that_was_typed() -> None:
    elsewhere = msgspec.structs.replace(
        THREAD, page_url="https://evil.example", messages=(ThreadMessage("visitor", SUNDAY, "Call +1 900 555 0100"),)
    )

    assert support_message(RECEIPT, ORIGIN) == support_message(
        msgspec.structs.replace(RECEIPT, thread=elsewhere), ORIGIN
    )
    assert f"{ORIGIN.public_url}/support/secret0of0the0visitor" in text(sent(RECEIPT))


@pytest.mark.parametrize("mail", [RECEIPT, ANSWER], ids=["receipt", "answer"])
def test_whoever_never_wrote_can_stop_all_mails(mail: SupportMail) -> None:
    message = sent(msgspec.structs.replace(mail, unsubscribe="t0ken"))

    assert f"<{ORIGIN.public_url}/unsubscribe/t0ken>" == message["List-Unsubscribe"]
    assert f"{ORIGIN.public_url}/unsubscribe/t0ken" in text(message)


def test_a_conversation_whose_link_is_lost_is_mailed_without_it() -> None:
    lost = msgspec.structs.replace(THREAD, token=None)

    assert "/support/" not in text(sent(SupportMail(kind="answer", to=SENDER, thread=lost, number=1)))


def test_the_same_mail_has_the_same_bytes_whatever_was_written_meanwhile() -> None:
    later = THREAD.with_message(ThreadMessage("visitor", SUNDAY, "More.")).closed(SUNDAY)
    for mail in (TO_OPERATOR, RECEIPT, ANSWER):
        assert support_message(mail, ORIGIN) == support_message(msgspec.structs.replace(mail, thread=later), ORIGIN)
    assert 3 == len({sent(mail)["Message-ID"] for mail in (TO_OPERATOR, RECEIPT, ANSWER)})


def test_an_address_that_no_mail_can_reach_is_refused() -> None:
    with pytest.raises(RecipientRefused):
        support_message(SupportMail(kind="receipt", to="zoë@gäste.example", thread=THREAD, number=0), ORIGIN)
