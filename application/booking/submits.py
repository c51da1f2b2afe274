"""Idempotency: a program's request under a key is carried out once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from application.actor import HostActor
from application.ports.booking_views import BookingView, GuestBookingViews
from application.ports.idempotency_keys import IdempotencyKey, KeyTaken
from domain.errors import IdempotencyKeyReused, Refusal
from domain.ids import HostId


def submit_of(host_id: HostId, key: str, request: object) -> IdempotencyKey:
    """The submit of a request; a host has one set of keys, whatever they are used for."""
    return IdempotencyKey(
        f"host {host_id}", key, sha256(msgspec.json.encode(request, order="deterministic")).hexdigest()
    )


@dataclass(frozen=True)
class FindSubmit:
    """Find what an earlier submit with the same key was about."""

    bookings: GuestBookingViews

    async def __call__(self, submit: IdempotencyKey) -> BookingView | None:
        """Return the booking that it made or changed; None where there was none. Raises IdempotencyKeyReused."""
        found = await self.bookings.booking_by_key(submit.scope, submit.key)
        if found is None:
            return None
        view, fingerprint = found
        if fingerprint != submit.fingerprint:
            raise IdempotencyKeyReused
        return view


@dataclass(frozen=True)
class ChangeOnce:
    """Make a host's change of a booking, once for each idempotency key."""

    find_submit: FindSubmit

    async def __call__(
        self, actor: HostActor, key: str, request: object, change: Callable[[HostActor], Awaitable[object]]
    ) -> bool:
        """Return whether the change was made before.

        Args:
            request: all that the change depends on; told by it whether a repeat is the same request.
            change: makes it as the actor that it is given, who carries the key to where the booking is locked.

        Raises:
            Forbidden
            IdempotencyKeyReused: the key was used for another request.
            Refusal: what `change` raises.
        """
        submit = submit_of(actor.require("bookings:write"), key, request)
        if await self.find_submit(submit):
            return True
        try:
            await change(msgspec.structs.replace(actor, submit=submit))
        except (KeyTaken, Refusal):
            # A simultaneous repeat was faster, or a change since then is in the way of a repeat.
            if await self.find_submit(submit):
                return True
            raise
        return False
