"""Write to whoever runs this server: the message is stored, and jobs mail it."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import VisitorActor
from application.effects import carry_out, support_asked
from application.people import email_address, long_text, short_text
from application.ports.clock import Clock, Ids
from application.ports.pictures import UnreadableUpload
from application.ports.support import Screenshot, SupportDesk
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from application.support.access import lock_of_visitor
from domain.budgets import MESSAGES_IN_THREAD, SUPPORT_MESSAGES, SUPPORT_RECEIPTS
from domain.errors import Checks, InvalidInput
from domain.faults import Required, TooLarge, UnreadablePicture
from domain.ids import SupportThreadId, SupportToken
from domain.mailbox import mailbox_of
from domain.support_thread import SupportThread, ThreadMessage

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


class Asked(msgspec.Struct, frozen=True):
    """Where the sender follows the conversation, and whether that is mailed."""

    token: SupportToken
    with_receipt: bool


def message_text(text: str) -> str:
    """Clean a message of either side. Raises InvalidInput where nothing is left, or too much."""
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

    async def __call__(self, typed: SupportMessage, network: str) -> Asked:
        """Begin a conversation.

        Anybody can type anybody's address. So one gets few receipts a day; the operator gets the message still.

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
        message = checks.run("", message_text, typed.message)
        checks.done()
        await self.spend(SUPPORT_MESSAGES.of(network))
        screenshot = await cleaned(self.desk, typed.screenshot)
        now, token = self.clock(), SupportToken(self.ids.new_token())
        thread = SupportThread(
            id=SupportThreadId(self.ids.new_id()),
            token=token,
            email=email,
            page_url=page_url,
            language=typed.language,
            messages=(_from_visitor(message, now, screenshot),),
        )
        with_receipt = await self.spend.fits(SUPPORT_RECEIPTS.of(mailbox_of(email)))
        async with self.begin() as uow:
            uow.support_threads.add(thread, screenshot)
            carry_out(uow, support_asked(thread.id, 0, now, with_receipt=with_receipt))
        return Asked(token, with_receipt)


@dataclass(frozen=True)
class WriteToSupport:
    begin: Begin
    desk: SupportDesk | None
    spend: SpendBudget
    clock: Clock

    async def __call__(self, actor: VisitorActor, text: str, upload: bytes | None, network: str) -> None:
        """Add a message to one's conversation, which opens it again where it was closed.

        Args:
            upload: a picture's file as it came.
            network: that it came from.

        Raises:
            SupportNotSetUp, NotFound, InvalidInput, TooManyRequests
        """
        if self.desk is None:
            raise SupportNotSetUp
        message = message_text(text)
        async with self.begin() as uow:
            thread_id = (await lock_of_visitor(uow, actor)).id
        await self.spend(SUPPORT_MESSAGES.of(network), MESSAGES_IN_THREAD.of(thread_id))
        # Drawing the picture anew takes longer than anybody should wait for the row.
        screenshot = await cleaned(self.desk, upload)
        now = self.clock()
        async with self.begin() as uow:
            thread = await lock_of_visitor(uow, actor)
            uow.support_threads.save(thread.with_message(_from_visitor(message, now, screenshot)), screenshot)
            carry_out(uow, support_asked(thread.id, len(thread.messages), now))


async def cleaned(desk: SupportDesk, upload: bytes | None) -> Screenshot | None:
    """Draw an uploaded picture anew, if there is one. Raises InvalidInput."""
    if not upload:
        return None
    if len(upload) > LARGEST_SCREENSHOT:
        raise InvalidInput.at("screenshot", TooLarge(LARGEST_SCREENSHOT // 1024**2))
    try:
        return await desk.screenshots.cleaned(upload)
    except UnreadableUpload as error:
        raise InvalidInput.at("screenshot", UnreadablePicture(error.why)) from error


def _from_visitor(text: str, now: datetime, screenshot: Screenshot | None) -> ThreadMessage:
    # Whole seconds, as a mail's date has.
    return ThreadMessage("visitor", now.replace(microsecond=0), text, has_screenshot=screenshot is not None)
