"""Changes reach an open page by one held request after the other."""

from asyncio import Event, get_running_loop, wait_for
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Protocol, TypeVar

import msgspec

from application.ports.booking_views import BookingView
from domain.conference import Failed, Pending

# Shorter than a stopping server waits for its requests to end.
HELD_FOR = 6.0
LOOK_AGAIN = 2.0
"""A message about a change may get lost."""


class Stamped(Protocol):
    """What a page shows at one moment.

    Attributes:
        seen: stands for all of it; a page that shows it has nothing to learn.
        soon: more is being waited for.
    """

    @property
    def seen(self) -> str: ...

    @property
    def soon(self) -> bool: ...


FoundT = TypeVar("FoundT")
StampedT = TypeVar("StampedT", bound=Stamped)


class Fragment(msgspec.Struct, frozen=True):
    """What a page shows of a booking at one moment.

    Attributes:
        view: the booking as it was then.
        seen: as in `Stamped`.
        waiting: more may come by itself.
        soon: a link or a confirmation is being waited for.
    """

    view: BookingView
    seen: str
    waiting: bool
    soon: bool


def guest_fragment(view: BookingView, *, past: bool) -> Fragment:
    """A guest's page listens until the meeting is cancelled or over: link, time and way to meet may change.

    While the booking is held, it also learns that it is confirmed, or gone.
    """
    booking = view.booking
    conference = booking.conference
    # Another attempt changes nothing for the guest.
    link = f"late {bool(conference.failure)}" if isinstance(conference, Pending) else f"{conference}"
    mails = f"{booking.announced} {booking.unreached}"
    place = f"{link} {booking.meeting_type} {booking.fallback}"
    who = f"{booking.additional_guests}" if booking.additional_guests else ""
    state = f"{booking.status} {booking.slot.start.isoformat()} {booking.move} {past} {place} {mails} {who}"
    held = booking.status == "held"
    soon = held or (booking.status == "confirmed" and isinstance(conference, Pending | Failed))
    return Fragment(view, stamp(state), waiting=held or (booking.status == "confirmed" and not past), soon=soon)


def host_fragment(view: BookingView) -> Fragment:
    """All of a host's page hangs on the booking's state, so that there is nothing to show but the page anew."""
    booking = view.booking
    state = f"{booking.status} {booking.slot.start.isoformat()} {booking.conference} {booking.meeting_type}"
    return Fragment(view, stamp(state), waiting=booking.waits_for_link, soon=booking.waits_for_link)


async def next_fragment(
    look: Callable[[], Awaitable[FoundT]],
    watch: Callable[[], Awaitable[AbstractContextManager[Event]]],
    seen: str,
    fragment: Callable[[FoundT], StampedT],
) -> StampedT | None:
    """Wait until the page has something new to show; None if nothing came for some seconds."""
    first = fragment(await look())
    if first.seen != seen:
        return first
    loop = get_running_loop()
    until = loop.time() + HELD_FOR
    with await watch() as changed:
        while True:
            # Whatever comes from here on sets the event again.
            changed.clear()
            found = fragment(await look())
            if found.seen != seen:
                return found
            left = until - loop.time()
            if left <= 0:
                return None
            try:
                await wait_for(changed.wait(), min(LOOK_AGAIN, left) if found.soon else left)
            except TimeoutError:
                continue


def stamp(state: str) -> str:
    """A digest of the state that a page shows."""
    return sha256(state.encode()).hexdigest()[:16]
