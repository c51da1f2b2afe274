import asyncio
import logging
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from adapters.mail.message import booking_message, notice_message
from adapters.mail.smtp import SmtpMailer, SmtpPatience
from adapters.mail.smtp_server import SmtpServer
from application.ports.mail import MailError, MailMisconfigured, MailTryLater, Notice, RecipientRefused
from application.ports.notices import ConnectionRemoved
from domain.mail_problem import (
    ConnectionFailed,
    ExtensionMissing,
    MailServerTimedOut,
    ServerAnswered,
    UndeliverableAddress,
    UnsafeConnection,
)
from tests.adapters.mail.scripted_server import PASSWORD, USERNAME, Script, knows, listening, saying
from tests.support.certificates import tls_contexts
from tests.support.mail_examples import GUEST, HOST, ORIGIN, booking, mail_of

NOTICE = Notice(
    "n1",
    datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    HOST,
    ConnectionRemoved("zoom"),
)
LOGIN: dict[str, Any] = {"authenticator": knows, "auth_require_tls": False}


def mailer(port: int, *, tls: str = "none", **options: Any) -> SmtpMailer:
    login = (options.pop("username", None), options.pop("password", None))
    server = SmtpServer("127.0.0.1", port, SmtpServer.parse(f"smtp://x?tls={tls}").tls, *login)
    return SmtpMailer(server, ORIGIN.sender, ORIGIN.public_url, **options)


async def refusal_of(port: int, **options: Any) -> MailError:
    with pytest.raises(MailError) as refused:
        await mailer(port, **options).send(mail_of())
    return refused.value


async def test_the_server_gets_the_very_bytes_for_one_recipient() -> None:
    script = Script()
    async with listening(script) as port:
        await mailer(port).send(mail_of(party="guest"))
        await mailer(port).send(mail_of(party="host"))
        await mailer(port).send(NOTICE)

    assert [
        booking_message(mail_of(party="guest"), ORIGIN).content,
        booking_message(mail_of(party="host"), ORIGIN).content,
        notice_message(NOTICE, ORIGIN).content,
    ] == script.texts
    assert ["zoe@guest.example", "anna@host.example", "anna@host.example"] == script.recipients
    assert 3 * [ORIGIN.sender] == script.senders


async def test_a_repeat_after_a_lost_answer_is_the_same_mail() -> None:
    script = Script(to_text=None)
    async with listening(script) as port:
        lost = await refusal_of(port)
        script.to_text = "250 OK"
        await mailer(port).send(mail_of())

    assert isinstance(lost, MailTryLater)
    assert lost.unclear
    assert script.texts[0] == script.texts[1]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script(to_recipient="550 5.1.1 No such user"), RecipientRefused),
        (Script(to_recipient="450 4.2.1 Greylisted"), MailTryLater),
        (Script(to_recipient="530 5.7.0 Log in first"), MailMisconfigured),
        (Script(to_sender="550 5.7.1 Not your domain"), MailMisconfigured),
        (Script(to_sender="451 4.3.0 Busy"), MailTryLater),
        (Script(to_sender="421 4.3.2 Going down"), MailTryLater),
        (Script(to_text="451 4.3.0 Busy"), MailTryLater),
        (Script(to_text="554 5.6.0 Not this text"), RecipientRefused),
        (Script(to_text=None), MailTryLater),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
async def test_each_refusal_is_told_apart(script: Script, error: type[MailError]) -> None:
    async with listening(script) as port:
        assert error is type(await refusal_of(port))


async def test_the_problem_is_the_servers_answer() -> None:
    async with listening(Script(to_recipient="550 5.1.1 No such user")) as port:
        assert ServerAnswered(550, "5.1.1 No such user") == (await refusal_of(port)).problem


async def test_an_address_that_no_server_can_be_told_is_refused_without_asking() -> None:
    script = Script()
    async with listening(script) as port:
        with pytest.raises(RecipientRefused) as refused:
            await mailer(port).send(mail_of(about=booking(guest=replace(GUEST, email="no body@guests.example"))))

    assert UndeliverableAddress() == refused.value.problem
    assert [] == script.senders


async def test_a_server_that_is_away_is_tried_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))

        error = await refusal_of(taken.getsockname()[1])

    assert isinstance(error, MailTryLater)
    assert ConnectionFailed() == error.problem


@pytest.mark.parametrize("greeting", [None, b"220 mail.test ESMTP\r\n"])
async def test_a_server_that_says_nothing_is_tried_later(greeting: bytes | None) -> None:
    async with saying(greeting=greeting) as port:
        error = await refusal_of(port, patience=SmtpPatience(0.05, 0.05, 0.05))

    assert MailTryLater is type(error)
    assert MailServerTimedOut() == error.problem


@pytest.mark.parametrize(
    ("greeting", "error"), [(b"554 Not you\r\n", MailMisconfigured), (b"421 Too many\r\n", MailTryLater)]
)
async def test_a_server_may_refuse_before_anything_is_said(greeting: bytes, error: type[MailError]) -> None:
    async with saying(greeting=greeting) as port:
        assert error is type(await refusal_of(port))


async def test_silence_after_the_text_may_mean_that_it_was_accepted_so_it_is_tried_later() -> None:
    script = Script(hang=asyncio.Event())
    async with listening(script) as port:
        error = await refusal_of(port, patience=SmtpPatience(data=0.05))

    assert isinstance(error, MailTryLater)
    assert error.unclear
    assert 1 == len(script.texts)


async def test_a_conversation_that_takes_too_long_in_all_is_tried_later_as_one_that_may_have_ended_well() -> None:
    script = Script(hang=asyncio.Event())
    async with listening(script) as port:
        error = await refusal_of(port, patience=SmtpPatience(total=0.2))

    assert isinstance(error, MailTryLater)
    assert error.unclear


@pytest.mark.parametrize(
    "script", [Script(to_recipient="450 4.2.1 Greylisted"), Script(to_text="451 4.3.0 Busy")], ids=["before", "after"]
)
async def test_a_clear_no_is_never_taken_for_a_mail_that_may_have_left(script: Script) -> None:
    async with listening(script) as port:
        error = await refusal_of(port)

    assert isinstance(error, MailTryLater)
    assert not error.unclear


async def test_the_operator_is_told_of_each_cause_once_until_mails_get_through_again() -> None:
    script = Script(to_sender="550 5.7.1 Not your domain")
    async with listening(script) as port:
        sender = mailer(port)
        with capture_logs() as logged:
            for answer in ("550 5.7.1 Not your domain", "550 5.7.1 Not your domain", "530 5.7.0 Log in first"):
                script.to_sender = answer
                with pytest.raises(MailMisconfigured):
                    await sender.send(mail_of())
            script.to_sender = "250 OK"
            await sender.send(mail_of())
            script.to_sender = "530 5.7.0 Log in first"
            with pytest.raises(MailMisconfigured):
                await sender.send(mail_of())

    assert ["5.7.1 Not your domain", "5.7.0 Log in first", "5.7.0 Log in first"] == [
        each["problem"]["text"] for each in logged
    ]
    assert {"error"} == {each["log_level"] for each in logged}
    assert {"mail_misconfigured"} == {each["event"] for each in logged}


async def test_a_user_logs_in() -> None:
    script = Script()
    async with listening(script, **LOGIN) as port:
        await mailer(port, username=USERNAME, password=PASSWORD).send(mail_of())

    assert [True] == script.logged_in


async def test_a_refused_login_is_for_the_operator_and_never_names_the_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with listening(Script(), **LOGIN) as port:
        error = await refusal_of(port, username=USERNAME, password="wrong-secret")

    assert MailMisconfigured is type(error)
    assert "wrong-secret" not in f"{error.problem} {error.__cause__} {caplog.text}"


async def test_a_login_that_the_server_does_not_offer_is_for_the_operator() -> None:
    async with listening(Script()) as port:
        assert MailMisconfigured is type(await refusal_of(port, username=USERNAME, password=PASSWORD))


async def test_nothing_is_sent_in_the_clear_where_starttls_is_asked_for_and_not_offered() -> None:
    script = Script()
    async with listening(script) as port:
        error = await refusal_of(port, tls="starttls", username=USERNAME, password=PASSWORD)

    assert MailMisconfigured is type(error)
    assert ExtensionMissing() == error.problem
    assert [] == script.senders


async def test_starttls_encrypts_log_in_and_mail(tmp_path: Path) -> None:
    script = Script()
    of_server, of_client = tls_contexts(tmp_path)
    async with listening(script, authenticator=knows, require_starttls=True, tls_context=of_server) as port:
        await mailer(port, tls="starttls", username=USERNAME, password=PASSWORD, tls_context=of_client).send(mail_of())

    assert ([True], [True]) == (script.encrypted, script.logged_in)


async def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    script = Script()
    of_server, of_client = tls_contexts(tmp_path)
    async with listening(script, at_once=of_server) as port:
        await mailer(port, tls="tls", tls_context=of_client).send(mail_of())

    assert 1 == len(script.texts)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
async def test_a_certificate_that_nobody_vouches_for_is_for_the_operator(tls: str, tmp_path: Path) -> None:
    of_server, _ = tls_contexts(tmp_path)
    options: dict[str, Any] = {"at_once": of_server} if tls == "tls" else {"tls_context": of_server}
    script = Script()
    async with listening(script, **options) as port:
        error = await refusal_of(port, tls=tls)

    assert MailMisconfigured is type(error)
    assert UnsafeConnection() == error.problem
    assert [] == script.senders


async def test_a_server_that_does_not_speak_tls_is_for_the_operator() -> None:
    async with saying(greeting=b"220 mail.test ESMTP\r\n") as port:
        error = await refusal_of(port, tls="tls")

    assert MailMisconfigured is type(error)
    assert UnsafeConnection() == error.problem


async def test_settings_can_be_checked_without_sending() -> None:
    script = Script()
    async with listening(script, **LOGIN) as port:
        await mailer(port, username=USERNAME, password=PASSWORD).check()
        with pytest.raises(MailMisconfigured):
            await mailer(port, username=USERNAME, password="wrong").check()

    assert [] == script.senders


def test_a_sender_that_is_no_address_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="sender has to be an email address"):
        SmtpMailer(SmtpServer("127.0.0.1", 25), "nobody", "https://timetuna.example")
