"""Mails about a message to the operator."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import msgspec
import pytest

from adapters.mail.support import support_message
from application.ports.mail import RecipientRefused, SupportMail
from application.ports.support import Screenshot, SupportRequest
from tests.adapters.mail.examples import ORIGIN
from tests.support.linkifiers import as_seen

OPERATOR = "operator@timetuna.example"
SENDER = "zoe@guest.example"
REQUEST = SupportRequest(
    id="request-1",
    sent_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    email=SENDER,
    page_url="https://timetuna.example/anna/intro",
    message="It says:\n\n<b>“No times”</b> at https://evil.example/win and www.evil.example, ask a@evil.example",
    language="en",
    wants_copy=True,
    screenshot=Screenshot(b"\x89PNG\0\xff", "png"),
)
TO_OPERATOR = SupportMail("to_operator", OPERATOR, REQUEST)
COPY = SupportMail("copy", SENDER, REQUEST)


def sent(mail: SupportMail) -> EmailMessage:
    return message_from_bytes(support_message(mail, ORIGIN).content, policy=default)


def text(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part
    return part.get_content()


def test_the_operator_reads_everything_and_answers_to_the_sender() -> None:
    message = sent(TO_OPERATOR)

    assert [OPERATOR, SENDER] == [message["To"], message["Reply-To"]]
    assert f"Support: message from {SENDER}" == as_seen(message["Subject"])
    plain = as_seen(text(message, "plain"))
    for words in (SENDER, REQUEST.page_url, "It says:", "https://evil.example/win"):
        assert words in plain, words
    assert "&lt;b&gt;" in text(message, "html")


@pytest.mark.parametrize(("kind", "name"), [("png", "screenshot.png"), ("jpeg", "screenshot.jpg")])
def test_the_operator_gets_the_screenshot_as_a_file(kind: str, name: str) -> None:
    picture = msgspec.convert({"content": b"\xff\xd8\0", "kind": kind}, Screenshot)
    request = msgspec.structs.replace(REQUEST, screenshot=picture)

    [attached] = sent(SupportMail("to_operator", OPERATOR, request)).iter_attachments()

    assert (name, f"image/{kind}") == (attached.get_filename(), attached.get_content_type())
    assert b"\xff\xd8\0" == attached.get_payload(decode=True)


def test_the_copy_is_of_no_use_to_spammers() -> None:
    message = sent(COPY)

    assert "Your message to support" == message["Subject"]
    assert message["Reply-To"] is None
    assert [] == list(message.iter_attachments())
    for kind in ("plain", "html"):
        body = text(message, kind)
        for clickable in ("https://evil", "www.evil", "a@evil", "evil.example", "href="):
            assert clickable not in body, (kind, clickable)
        assert "https://evil.example/win" in as_seen(body)
    assert "<b>" not in text(message, "html")


def test_the_same_mail_has_the_same_bytes() -> None:
    for mail in (TO_OPERATOR, COPY):
        assert support_message(mail, ORIGIN) == support_message(mail, ORIGIN)
    assert sent(TO_OPERATOR)["Message-ID"] != sent(COPY)["Message-ID"]


def test_an_address_that_no_mail_can_reach_is_refused() -> None:
    with pytest.raises(RecipientRefused):
        support_message(SupportMail("copy", "zoë@gäste.example", REQUEST), ORIGIN)
