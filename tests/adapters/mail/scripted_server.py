"""A real mail server on this machine that answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USERNAME, PASSWORD = "tuna", "hunter2"


@dataclass
class Script:
    """What the server says; without an answer `to_text` it hangs up, and with `hang` it is silent."""

    to_sender: str = "250 OK"
    to_recipient: str = "250 OK"
    to_text: str | None = "250 OK"
    hang: asyncio.Event | None = None
    texts: list[bytes] = field(default_factory=list[bytes])
    senders: list[str] = field(default_factory=list[str])
    recipients: list[str] = field(default_factory=list[str])
    logged_in: list[bool] = field(default_factory=list[bool])
    encrypted: list[bool] = field(default_factory=list[bool])

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.senders.append(address)
        self.logged_in.append(bool(session.authenticated))
        self.encrypted.append(session.ssl is not None)
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.recipients.append(address)
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.texts.append(envelope.content)
        if self.hang:
            await self.hang.wait()
        if self.to_text is None:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.to_text or "250 OK"


@asynccontextmanager
async def listening(
    script: Script, *, at_once: ssl.SSLContext | None = None, **options: Any
) -> AsyncGenerator[int, None]:
    """Serve on a free port, which is given; `at_once` encrypts from the first byte."""
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(script, hostname="mail.test", **options), "127.0.0.1", 0, ssl=at_once
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        if script.hang:
            script.hang.set()
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def saying(*, greeting: bytes | None) -> AsyncGenerator[int, None]:
    """A server that greets, if at all, and then says nothing any more."""
    over = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if greeting is not None:
            writer.write(greeting)
        await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword) -> AuthResult:
    return AuthResult(success=(login.login, login.password) == (USERNAME.encode(), PASSWORD.encode()), handled=False)
