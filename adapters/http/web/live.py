"""What does a booking's page show of the meeting right now, and how does an open page learn of a change?"""

from asyncio import get_running_loop, wait_for
from collections.abc import Awaitable, Callable
from hashlib import sha256

import msgspec
from markupsafe import Markup

from adapters.http.web.templating import rendered
from application.ports.views import BookingChanges, BookingView
from domain.conference import Failed, Pending

# Shorter than a stopping server waits for its requests to end.
HELD_FOR = 6.0
LOOK_AGAIN = 2.0
"""A message about a change may get lost."""


class Fragment(msgspec.Struct, frozen=True):
    """The part of the page that changes by itself.

    Attributes:
        view: the booking as it was then.
        seen: stands for what the fragment says; a page that shows it has nothing to learn.
        waiting: more may come by itself.
    """

    view: BookingView
    html: Markup
    seen: str
    waiting: bool


def fragment(view: BookingView) -> Fragment:
    booking = view.booking
    html = rendered("manage/_place.html", booking=booking, owner=view.host)
    # A new time or a cancellation changes the page around the fragment as well.
    around = f"{booking.status} {booking.slot.start.isoformat()}"
    seen = sha256(f"{around}\n{html}".encode()).hexdigest()[:16]
    waiting = booking.status == "confirmed" and isinstance(booking.conference, Pending | Failed)
    return Fragment(view, Markup(html), seen, waiting)  # noqa: S704 - our own template, which escapes


def host_fragment(view: BookingView) -> Fragment:
    """All of a host's page hangs on the booking's state, so that there is nothing to show but the page anew."""
    booking = view.booking
    told = f"{booking.status} {booking.slot.start.isoformat()} {booking.conference} {booking.meeting_type}"
    seen = sha256(told.encode()).hexdigest()[:16]
    return Fragment(view, Markup(""), seen, booking.waits_for_link)


async def next_fragment(
    look: Callable[[], Awaitable[BookingView]],
    changes: BookingChanges,
    seen: str,
    fragment: Callable[[BookingView], Fragment] = fragment,
) -> Fragment | None:
    """Wait until the page has something new to show; None if nothing came for some seconds."""
    first = await look()
    if fragment(first).seen != seen:
        return fragment(first)
    loop = get_running_loop()
    until = loop.time() + HELD_FOR
    with changes.watching(first.booking.id) as changed:
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
                await wait_for(changed.wait(), min(LOOK_AGAIN, left))
            except TimeoutError:
                continue
