"""Browsers that are signed in."""

from datetime import datetime, timedelta

import msgspec

from domain.ids import SessionId
from domain.origin import Origin

LASTS = timedelta(days=30)
"""Since the sign-in, however much it is used: then the password is asked for again."""

LASTS_UNUSED = timedelta(days=14)

NOTED_EVERY = timedelta(minutes=5)
"""A session that is in use is not written with every page."""


CONFIRMED_FOR = timedelta(minutes=5)
"""After a passkey was used, the password isn't asked for again."""


class Session(msgspec.Struct, frozen=True):
    """An open session.

    Attributes:
        id: what its host sees of it; nobody gets in with it.
        last_active_at: right to `NOTED_EVERY`.
        origin: of the last request that was noted.
    """

    id: SessionId
    opened_at: datetime
    last_active_at: datetime
    origin: Origin | None

    def is_over(self, now: datetime) -> bool:
        return now >= self.opened_at + LASTS or now >= self.last_active_at + LASTS_UNUSED
