"""Write to whoever runs this server: the message is stored, and jobs mail it."""

from dataclasses import dataclass

import msgspec

from application.jobs import Due, MailSupportJob
from application.people import email_address, long_text, short_text
from application.ports.clock import Clock, Ids
from application.ports.storage import Begin
from application.ports.support import Screenshot, SupportDesk, SupportRequest, UnreadableScreenshot
from application.spend_budget import SpendBudget
from domain.budgets import SUPPORT_COPIES, SUPPORT_MESSAGES
from domain.errors import Checks, InvalidInput
from domain.faults import Required, TooLarge, UnreadablePicture
from domain.mailbox import mailbox_of

LONGEST_ADDRESS = 500
LONGEST_MESSAGE = 5000
LARGEST_SCREENSHOT = 5 * 1024 * 1024


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
    spend: SpendBudget
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
        await self.spend(SUPPORT_MESSAGES.of(network))
        screenshot = await _cleaned(self.desk, typed.screenshot) if typed.screenshot else None
        now = self.clock()
        request = SupportRequest(
            id=self.ids.new_id(),
            sent_at=now.replace(microsecond=0),
            email=email,
            page_url=page_url,
            message=message,
            language=typed.language,
            wants_copy=await self.spend.fits(SUPPORT_COPIES.of(mailbox_of(email))),
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
