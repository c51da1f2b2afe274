"""The demo's mailbox receives, keeps and shows mail."""

from collections.abc import AsyncGenerator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from adapters.sandbox.asgi import at_home, mounted
from adapters.sandbox.mailbox import Mailbox
from adapters.sandbox.mailbox_pages import mailbox_app
from adapters.sandbox.serve import serving
from tests.support.processes import PATIENCE

INVITE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//TimeTuna//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:booking-1@timetuna.example
SEQUENCE:2
DTSTAMP:20261122T090000Z
DTSTART:20261201T140000Z
DTEND:20261201T143000Z
SUMMARY:Intro <call>
LOCATION:https://us05web.zoom.us/j/81418912311?pwd=x.1
ORGANIZER;CN=TimeTuna:mailto:invites@timetuna.example
ATTENDEE;CN=Ana Guest:mailto:ana@guest.example
ATTENDEE:mailto:anna.host@zoom.example
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")

LINK = '<html><head></head><body><a href="https://x.example">Join</a></body></html>'


def mail(subject: str = "Intro call", *, to: str = "ana@guest.example", html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "TimeTuna <invites@timetuna.example>"
    message["To"] = to
    message["Reply-To"] = "Anna Höst <anna.host@zoom.example>"
    message["Subject"] = subject
    message.set_content("Join: https://us05web.zoom.us/j/81418912311\n.dot\n")
    message.add_alternative(
        html or '<html><head></head><body><a href="https://x.example">Join</a></body></html>', "html"
    )
    message.add_attachment(INVITE.encode(), "text", "calendar", filename="invite.ics")
    return message


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncGenerator[Mailbox]:
    async with Mailbox(tmp_path / "mail") as opened:
        yield opened


async def send(mailbox: Mailbox, message: EmailMessage, *recipients: str) -> None:
    await aiosmtplib.send(
        message,
        hostname="127.0.0.1",
        port=mailbox.port,
        recipients=list(recipients) or None,
        start_tls=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example:8000", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
async def test_only_a_name_of_this_machine_opens_it(tmp_path: Path, host: str, status: int) -> None:
    async with Mailbox(tmp_path / "mailbox") as mailbox:
        transport = httpx.ASGITransport(at_home(mailbox_app(mailbox)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            answer = await client.get("/", headers={"Host": host})

    assert status == answer.status_code


async def test_mails_are_kept_oldest_first_with_their_envelopes(mailbox: Mailbox) -> None:
    await send(mailbox, mail("Erste – schön"))
    await send(mailbox, mail("Second"), "anna.host@zoom.example", "ben@guest.example")

    first, second = await mailbox.arrives(2)

    assert ("Erste – schön", "Second") == (first.subject, second.subject)
    assert "invites@timetuna.example" == first.envelope.sender
    assert ("anna.host@zoom.example", "ben@guest.example") == second.recipients
    assert "Join: https://us05web.zoom.us/j/81418912311\n.dot\n" == first.text.replace("\r\n", "\n")
    assert "<body>" in first.html
    assert INVITE.encode() == first.ics
    assert [second] == mailbox.to("ben@guest.example")


async def test_a_mail_is_kept_to_the_byte(mailbox: Mailbox) -> None:
    content = b"Subject: raw\r\nX-Odd:  two  spaces\r\n\r\n..dots\r\nlast line\r\n"
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=mailbox.port, start_tls=False) as smtp:
        await smtp.sendmail("a@x.example", ["b@x.example"], content)

    assert [content] == [kept.raw for kept in mailbox.messages()]


async def test_mails_survive_a_restart(tmp_path: Path) -> None:
    async with Mailbox(tmp_path / "mail") as before:
        await send(before, mail("Kept"))
        kept = before.messages()

    async with Mailbox(tmp_path / "mail") as after:
        await send(after, mail("New"))

        assert kept == after.messages()[:1]
        assert [1, 2] == [each.number for each in after.messages()]


async def test_a_recipient_can_be_refused(mailbox: Mailbox) -> None:
    mailbox.refuse("gone@guest.example")

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(mailbox, mail(to="gone@guest.example"))
    await send(mailbox, mail())

    assert [550] == [refusal.code for refusal in refused.value.recipients]
    assert ["ana@guest.example"] == [kept.recipients[0] for kept in mailbox.messages()]


async def test_a_mail_can_be_refused_for_now(mailbox: Mailbox) -> None:
    mailbox.refuse_mail()

    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(mailbox, mail())
    await send(mailbox, mail())

    assert 451 == refused.value.code
    assert 1 == len(mailbox.messages())


async def test_a_recipient_can_be_refused_once(mailbox: Mailbox) -> None:
    mailbox.refuse(reply="451 4.7.1 Greylisted", times=1)

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send(mailbox, mail())
    await send(mailbox, mail())

    assert 1 == len(mailbox.messages())


@pytest.mark.parametrize("keeps", [True, False])
async def test_the_line_can_close_after_a_mail(mailbox: Mailbox, *, keeps: bool) -> None:
    mailbox.hang_up(keeps=keeps)

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(mailbox, mail())
    await send(mailbox, mail())

    assert 1 + keeps == len(mailbox.messages())


async def test_accepting_a_mail_can_be_slow(mailbox: Mailbox) -> None:
    mailbox.delay = 60.0

    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        await aiosmtplib.send(mail(), hostname="127.0.0.1", port=mailbox.port, start_tls=False, timeout=0.05)
    mailbox.works()
    await send(mailbox, mail())

    assert 1 == len(mailbox.messages())


async def test_a_mailbox_can_be_emptied(mailbox: Mailbox) -> None:
    await send(mailbox, mail())

    mailbox.clear()

    assert [] == mailbox.messages()


async def test_connections_that_close_while_the_mailbox_ends_are_no_trouble(tmp_path: Path) -> None:
    async with Mailbox(tmp_path / "mail") as mailbox:
        clients = [aiosmtplib.SMTP(port=mailbox.port, hostname="127.0.0.1", use_tls=False) for _ in range(20)]
        for client in clients:
            await client.connect()
        for client in clients:
            client.close()


async def test_an_open_connection_does_not_hold_up_the_end(tmp_path: Path) -> None:
    smtp = aiosmtplib.SMTP(start_tls=False)
    async with Mailbox(tmp_path / "mail") as mailbox:
        await smtp.connect(hostname="127.0.0.1", port=mailbox.port)

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await smtp.noop()


@pytest.fixture
async def pages(mailbox: Mailbox) -> AsyncGenerator[httpx.AsyncClient]:
    app = mailbox_app(mailbox)
    async with (
        serving(mounted({"/mailbox": app}, otherwise=app)) as url,
        httpx.AsyncClient(base_url=f"{url}/mailbox", trust_env=False, verify=False) as http,
    ):
        yield http


async def test_the_list_shows_the_newest_first(mailbox: Mailbox, pages: httpx.AsyncClient) -> None:
    empty = (await pages.get("/")).text
    await send(mailbox, mail("Older"))
    await send(mailbox, mail("Newer <b>"))

    shown = (await pages.get("/")).text

    assert "No mail has come yet" in empty
    assert 0 < shown.index("Newer &lt;b&gt;") < shown.index("Older")
    assert 'href="/mailbox/2"' in shown
    assert "ana@guest.example" in shown


async def test_a_mail_is_shown_with_headers_text_and_invite(mailbox: Mailbox, pages: httpx.AsyncClient) -> None:
    await send(mailbox, mail())

    shown = (await pages.get("/1")).text

    for words in (
        "TimeTuna &lt;invites@timetuna.example&gt;",
        "Anna Höst &lt;anna.host@zoom.example&gt;",
        "REQUEST (CONFIRMED)",
        "Intro &lt;call&gt;",
        "Tuesday, 01 December 2026, 14:00 to 14:30 UTC",
        "Ana Guest &lt;ana@guest.example&gt;, anna.host@zoom.example",
        '<a href="https://us05web.zoom.us/j/81418912311"',
        'src="/mailbox/1/html" sandbox="allow-popups',
        "<dd>2</dd>",
    ):
        assert words in shown
    assert "<script" not in shown


async def test_the_html_part_runs_no_script_and_opens_links_outside(mailbox: Mailbox, pages: httpx.AsyncClient) -> None:
    await send(mailbox, mail())
    await send(mailbox, mail(html="<p>no head</p>"))

    with_head, without = await pages.get("/1/html"), await pages.get("/2/html")

    assert '<head><base target="_blank">' in with_head.text
    assert without.text.startswith('<base target="_blank"><p>no head</p>')
    policy = with_head.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "allow-popups" in policy
    assert "allow-scripts" not in policy


async def test_the_invite_and_the_whole_mail_can_be_had_as_sent(mailbox: Mailbox, pages: httpx.AsyncClient) -> None:
    await send(mailbox, mail())

    invite, raw = await pages.get("/1/invite.ics"), await pages.get("/1/raw")

    assert INVITE.encode() == invite.content
    assert 'attachment; filename="invite.ics"' == invite.headers["content-disposition"]
    assert mailbox.messages()[0].raw == raw.content
    assert raw.headers["content-type"].startswith("text/plain")


async def test_a_mail_without_parts_is_shown_too(mailbox: Mailbox, pages: httpx.AsyncClient) -> None:
    plain = EmailMessage()
    plain["From"], plain["To"], plain["Subject"] = "a@x.example", "b@x.example", ""
    plain.set_content("Only text")
    await send(mailbox, plain)

    shown = (await pages.get("/1")).text

    assert "(no subject)" in shown
    assert "Only text" in shown
    assert "<iframe" not in shown
    assert httpx.codes.NOT_FOUND == (await pages.get("/1/html")).status_code
    assert httpx.codes.NOT_FOUND == (await pages.get("/1/invite.ics")).status_code


async def test_an_invite_that_is_none_is_said_to_be_unreadable(mailbox: Mailbox, pages: httpx.AsyncClient) -> None:
    message = mail()
    message.clear()
    message["From"], message["To"] = "a@x.example", "b@x.example"
    message.set_content(b"BEGIN:VNOTHING", "text", "calendar")
    await send(mailbox, message)

    assert "This invite can't be read" in (await pages.get("/1")).text


@pytest.mark.parametrize("path", ["/7", "/x", "/1/other"])
async def test_what_is_not_there_is_not_found(mailbox: Mailbox, pages: httpx.AsyncClient, path: str) -> None:
    await send(mailbox, mail())

    assert httpx.codes.NOT_FOUND == (await pages.get(path)).status_code
