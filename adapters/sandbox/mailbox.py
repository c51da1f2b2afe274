"""The demo's SMTP server, which keeps every mail in a Maildir."""

import asyncio
import mailbox
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

import msgspec
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from adapters.sandbox.changes import PATIENCE, Bell
from adapters.sandbox.mail import Envelope, Mail

TAKEN: Final = "250 2.0.0 Taken"
NO_SUCH_MAILBOX: Final = "550 5.1.1 No such mailbox here"
TRY_LATER: Final = "451 4.3.0 Try again later"
_HEADER: Final = b"X-Sandbox-Envelope: "


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Trouble(msgspec.Struct):
    """Something that goes wrong; `times` None means until it is put right."""

    times: int | None
    reply: str = ""
    recipient: str | None = None
    keeps: bool = False


class Mailbox(AbstractAsyncContextManager["Mailbox"]):
    """An SMTP server for as long as the block lasts; the mails stay in the folder.

    Attributes:
        port: where it listens, known once the block was entered.
        delay: seconds that it takes to accept a mail.
    """

    def __init__(
        self, folder: Path, *, port: int = 0, host: str = "127.0.0.1", now: Callable[[], datetime] = utc_now
    ) -> None:
        self.port = port
        self.delay = 0.0
        self._host = host
        self._now = now
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder = mailbox.Maildir(folder, create=True)
        self._mails = sorted((_loaded(self._folder, key) for key in self._folder.iterkeys()), key=_number)
        self._refusals: list[_Trouble] = []
        self._after_data: list[_Trouble] = []
        self._changes = Bell()
        self._open: set[_Conversation] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://{self._host}:{self.port}?tls=none"

    def messages(self) -> list[Mail]:
        """List every mail, oldest first."""
        return list(self._mails)

    def to(self, recipient: str) -> list[Mail]:
        """List the mails that were sent to an address, oldest first."""
        return [mail for mail in self._mails if recipient in mail.recipients]

    async def arrives(self, count: int = 1, *, to: str | None = None, within: float = PATIENCE) -> list[Mail]:
        """Wait until so many mails are here (sent to an address, if one is given) and return them.

        Raises:
            TimeoutError: fewer came within so many seconds.
        """

        def here() -> list[Mail]:
            return self.messages() if to is None else self.to(to)

        await self._changes.until(lambda: len(here()) >= count, within=within)
        return here()

    def refuse(self, recipient: str | None = None, *, reply: str = NO_SUCH_MAILBOX, times: int | None = None) -> None:
        """Refuse one recipient, or all of them, when they are named."""
        self._refusals.append(_Trouble(times, reply, recipient))

    def refuse_mail(self, reply: str = TRY_LATER, *, times: int | None = 1) -> None:
        """Refuse a mail after it was sent in full."""
        self._after_data.append(_Trouble(times, reply))

    def hang_up(self, *, keeps: bool, times: int | None = 1) -> None:
        """Close the line after a mail was sent in full; the mail is kept or lost, the sender can't know."""
        self._after_data.append(_Trouble(times, keeps=keeps))

    def works(self) -> None:
        """Put everything right."""
        self._refusals.clear()
        self._after_data.clear()
        self.delay = 0.0

    def clear(self) -> None:
        """Throw all mails away."""
        self._folder.clear()
        self._mails.clear()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Conversation(self, self._open), self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        # All at once: while one is waited for, others may lose their line, and there is nothing left to abort.
        ended = [conversation.end() for conversation in self._open]
        if ended:
            await asyncio.wait(ended)
        await self._server.wait_closed()
        self._folder.close()

    def refusal_of(self, recipient: str) -> str | None:
        """Say what the server answers instead of taking a recipient."""
        for trouble in self._refusals:
            if trouble.recipient in (None, recipient):
                _happened(trouble, self._refusals)
                return trouble.reply
        return None

    async def take(self, sender: str, recipients: list[str], raw: bytes) -> str | None:
        """Keep a mail and return the reply; None where the line closes without one."""
        await asyncio.sleep(self.delay)
        if not self._after_data:
            self._keep(sender, recipients, raw)
            return TAKEN
        trouble = self._after_data[0]
        _happened(trouble, self._after_data)
        if trouble.keeps:
            self._keep(sender, recipients, raw)
        return trouble.reply or None

    def _keep(self, sender: str, recipients: list[str], raw: bytes) -> None:
        number = self._mails[-1].number + 1 if self._mails else 1
        mail = Mail(Envelope(number, sender, tuple(recipients), self._now()), raw)
        self._folder.add(_HEADER + msgspec.json.encode(mail.envelope) + b"\r\n" + raw)
        self._mails.append(mail)
        self._changes.happened()


class _Conversation(SMTP):
    """One SMTP connection, which can be ended from outside."""

    def __init__(self, owner: Mailbox, opened: set["_Conversation"]) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(_Receiver(owner), enable_SMTPUTF8=True, hostname="mailbox.example", loop=loop)
        self._opened = opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._opened.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._opened.discard(self)

    def end(self) -> asyncio.Task[None]:
        """Close the line, and return what ends with it."""
        assert self._handler_coroutine is not None
        _abort(self.transport)
        return self._handler_coroutine


class _Receiver:
    """What aiosmtpd asks at each step."""

    def __init__(self, owner: Mailbox) -> None:
        self._owner = owner

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        del server, session
        refusal = self._owner.refusal_of(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802 - as above
        del session
        content = envelope.original_content
        assert content is not None
        reply = await self._owner.take(envelope.mail_from or "", envelope.rcpt_tos, content)
        if reply is not None:
            return reply
        _abort(server.transport)
        return ""


def _happened(trouble: _Trouble, among: list[_Trouble]) -> None:
    if trouble.times is not None:
        trouble.times -= 1
        if trouble.times == 0:
            among.remove(trouble)


def _loaded(folder: mailbox.Maildir, key: str) -> Mail:
    header, _, raw = folder.get_bytes(key).partition(b"\r\n")
    return Mail(msgspec.json.decode(header.removeprefix(_HEADER), type=Envelope), raw)


def _number(mail: Mail) -> int:
    return mail.number


def _abort(transport: asyncio.BaseTransport | None) -> None:
    # uvloop's transports are none of asyncio's by class.
    cast("asyncio.Transport", transport).abort()
