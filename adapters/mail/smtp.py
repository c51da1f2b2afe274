"""Delivery of mails to a mail server."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator

import aiosmtplib
import msgspec
import structlog

from adapters.mail.message import Outgoing, booking_message, confirmation_message, notice_message, proposal_message
from adapters.mail.origin import MailOrigin
from adapters.mail.smtp_server import SmtpServer
from adapters.mail.support import support_message
from adapters.presentation.language import ENGLISH, ENGLISH_ALONE, Languages, speaking
from adapters.tracing.trace import call
from application.ports.mail import (
    AnyMail,
    BookingMail,
    ConfirmationMail,
    MailError,
    MailMisconfigured,
    MailTryLater,
    Notice,
    ProposalMail,
    RecipientRefused,
    SupportMail,
)
from domain.mail_problem import (
    ConnectionFailed,
    ExtensionMissing,
    MailProblem,
    MailServerTimedOut,
    ServerAnswered,
    UnsafeConnection,
)
from domain.text import one_line

_PERMANENT = range(500, 600)
_LOGIN_FIRST = 530

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class SmtpPatience(msgspec.Struct, frozen=True):
    """How many seconds the server may take: to be there, to answer a command, to take a mail's text, and in all.

    All of it has to fit into a job, or a mail that was accepted would be sent again without anybody knowing.
    """

    connect: float = 10
    command: float = 20
    data: float = 25
    total: float = 30


PATIENCE = SmtpPatience()


def composed(mail: AnyMail, origin: MailOrigin) -> Outgoing:
    """Write a mail in the language that is spoken.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    match mail:
        case SupportMail():
            return support_message(mail, origin)
        case Notice():
            return notice_message(mail, origin)
        case ConfirmationMail():
            return confirmation_message(mail, origin)
        case ProposalMail():
            return proposal_message(mail, origin)
        case BookingMail():
            return booking_message(mail, origin)


class SmtpMailer:
    """Sends each mail over a connection of its own, to one recipient.

    With several recipients a server may accept some of them, and the answer couldn't be said in one error.
    """

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        public_url: str,
        *,
        languages: Languages = ENGLISH_ALONE,
        patience: SmtpPatience = PATIENCE,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """Raises ValueError for a sender that isn't an address."""
        self._server = server
        self._origin = MailOrigin.of(sender, public_url)
        self._languages = languages
        self._patience = patience
        self._tls_context = tls_context
        self._alarmed: set[MailProblem] = set()

    async def send(self, mail: AnyMail, /) -> None:
        """Hand one mail to the server.

        A time-out after the text was sent is MailTryLater too: the same bytes go out again, and whoever got both sees
        one mail with one Message-ID.
        """
        with speaking(self._languages.of(_language(mail))):
            outgoing = composed(mail, self._origin)
        try:
            with call("SMTP send"):
                async with asyncio.timeout(self._patience.total), self._session() as session:
                    await self._hand_over(session, outgoing)
        except TimeoutError as error:
            # It may have been accepted: nobody knows how far the conversation had got.
            raise MailTryLater(MailServerTimedOut(), unclear=True) from error
        except MailMisconfigured as error:
            self._alarm(error)
            raise
        self._alarmed.clear()

    def _alarm(self, error: MailMisconfigured) -> None:
        """Tell the operator of each problem once, until a mail gets through again."""
        if error.problem not in self._alarmed:
            self._alarmed.add(error.problem)
            _log.error(
                "mail_misconfigured",
                problem=msgspec.to_builtins(error.problem),
                cause=one_line(str(error.__cause__), 300),
                kept="The mails are kept and sent once this is mended.",
            )

    async def check(self) -> None:
        """Connect and log in without sending, for whoever wants to know whether the settings are right.

        Raises:
            MailTryLater, MailMisconfigured
        """
        async with self._session() as session:
            await session.noop()

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncGenerator[aiosmtplib.SMTP, None]:
        server = self._server
        session = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls == "tls",
            # False where none is wanted: left open, a missing STARTTLS would pass in silence.
            start_tls=server.tls == "starttls",
            tls_context=self._tls_context,
            local_hostname=self._origin.domain,
            timeout=self._patience.command,
        )
        try:
            await session.connect(timeout=self._patience.connect)
            yield session
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _mail_error(error) from error
        else:
            # The mail is accepted, whatever becomes of the goodbye.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await session.quit(timeout=self._patience.connect)
        finally:
            session.close()

    async def _hand_over(self, session: aiosmtplib.SMTP, outgoing: Outgoing) -> None:
        await session.mail(self._origin.sender)
        await session.rcpt(outgoing.recipient)
        try:
            await session.data(outgoing.content, timeout=self._patience.data)
        except (aiosmtplib.SMTPTimeoutError, OSError) as error:
            # aiosmtplib's errors about lost connections are OSErrors too.
            raise MailTryLater(_mail_error(error).problem, unclear=True) from error


def _language(mail: AnyMail) -> str:
    if isinstance(mail, SupportMail):
        return ENGLISH.tag if mail.kind == "to_operator" else mail.thread.language
    if isinstance(mail, Notice):
        return mail.to.language
    if isinstance(mail, ConfirmationMail | ProposalMail):
        return mail.booking.contact.language
    return mail.booking.contact.language if mail.party == "guest" else mail.host.language


def _mail_error(error: aiosmtplib.SMTPException | OSError) -> MailError:
    match error:
        case aiosmtplib.SMTPRecipientRefused() | aiosmtplib.SMTPDataError() if error.code != _LOGIN_FIRST:
            return _by_code(error, RecipientRefused)
        case aiosmtplib.SMTPResponseException():
            return _by_code(error, MailMisconfigured)
        case aiosmtplib.SMTPTimeoutError():
            return MailTryLater(MailServerTimedOut())
        case _ if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return MailMisconfigured(UnsafeConnection())
        case OSError():
            return MailTryLater(ConnectionFailed())
        case _:
            # Without a code and without a broken connection, the server lacks what the settings ask for.
            return MailMisconfigured(ExtensionMissing())


def _by_code(error: aiosmtplib.SMTPResponseException, permanent: type[MailError]) -> MailError:
    problem = ServerAnswered(error.code, one_line(error.message, 300))
    return permanent(problem) if error.code in _PERMANENT else MailTryLater(problem)
