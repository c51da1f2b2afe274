"""Write to whoever runs this server: the message is stored, and jobs mail it."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.jobs import Due, MailSupportJob
from application.people import email_address, long_text, short_text
from application.ports.accounts import RateLimiter
from application.ports.clock import Clock, Ids
from application.ports.storage import Begin
from application.ports.support import Screenshot, SupportDesk, SupportRequest, UnreadableScreenshot
from domain.errors import Checks, InvalidInput, TooManyRequests
from domain.faults import Required, TooLarge, UnreadablePicture

LONGEST_ADDRESS = 500
LONGEST_MESSAGE = 5000
LARGEST_SCREENSHOT = 5 * 1024 * 1024

MESSAGES_AT_MOST, IN_AN_HOUR = 10, timedelta(hours=1)
COPIES_AT_MOST, IN_A_DAY = 3, timedelta(days=1)


class SupportNotSetUp(Exception):
    """Nobody is named on this server whom messages could go to."""


class SupportMessage(msgspec.Struct, frozen=True):
    """What somebody has typed; `screenshot` is the file as it came, `language` the BCP 47 tag of theirs."""

    email: str
    page_url: str
    message: str
    screenshot: bytes | None = None
    language: str = "en"


def _message(text: str) -> str:
    message = long_text(text, "message", LONGEST_MESSAGE)
    if not message:
        raise InvalidInput.at("message", Required())
    return message


@dataclass(frozen=True)
class AskSupport:
    begin: Begin
    desk: SupportDesk | None
    limiter: RateLimiter
    clock: Clock
    ids: Ids

    @property
    def is_set_up(self) -> bool:
        """Whether anybody is named on this server whom messages go to."""
        return self.desk is not None

    async def __call__(self, typed: SupportMessage, network: str) -> bool:
        """Take a message, and tell whether its sender gets a copy.

        Anybody can type anybody's address. So one address gets few copies a day; the operator gets the message still.

        Args:
            network: that it came from.

        Raises:
            SupportNotSetUp, InvalidInput, TooManyRequests
        """
        if self.desk is None:
            raise SupportNotSetUp
        checks = Checks()
        email = checks.run("", email_address, typed.email, "email")
        page_url = checks.run("", short_text, typed.page_url, "page_url", LONGEST_ADDRESS)
        message = checks.run("", _message, typed.message)
        checks.done()
        now = self.clock()
        wait = await self.limiter.hit(f"support-from:{network}", MESSAGES_AT_MOST, IN_AN_HOUR, now)
        if wait:
            raise TooManyRequests(wait)
        screenshot = await _cleaned(self.desk, typed.screenshot) if typed.screenshot else None
        many_copies = await self.limiter.hit(f"support-copy:{email.lower()}", COPIES_AT_MOST, IN_A_DAY, now)
        request = SupportRequest(
            id=self.ids.new_id(),
            sent_at=now.replace(microsecond=0),
            email=email,
            page_url=page_url,
            message=message,
            language=typed.language,
            wants_copy=not many_copies,
            screenshot=screenshot,
        )
        async with self.begin() as uow:
            uow.support_requests.add(request)
            uow.outbox.enqueue(Due(MailSupportJob(request.id), now))
        return request.wants_copy


async def _cleaned(desk: SupportDesk, upload: bytes) -> Screenshot:
    if len(upload) > LARGEST_SCREENSHOT:
        raise InvalidInput.at("screenshot", TooLarge(LARGEST_SCREENSHOT // 1024**2))
    try:
        return await desk.screenshots.cleaned(upload)
    except UnreadableScreenshot as error:
        raise InvalidInput.at("screenshot", UnreadablePicture(error.why)) from error
