"""Take what a provider tells about calendars, once it has shown the secret of a watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from application.effects import calendars_outdated, carry_out, watch_lacking
from application.ports.calendar_watcher import CalendarNotice, CalendarNotices
from application.ports.clock import Clock
from application.ports.notifications import AddressCheck
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.calendar import CalendarKind
from domain.calendar_watch import CalendarWatch
from domain.errors import NotFound
from domain.ids import CalendarId

TOGETHER = timedelta(seconds=1)
"""Notices that come within this time bring one reading."""


@dataclass(frozen=True)
class ReceiveCalendarNotices:
    """Owe one reading of each calendar that has changed; whatever shows no secret of ours changes nothing.

    One look-up by digests decides, which costs less than counting who asks: so nothing that a provider tells is lost
    because somebody else has asked too often.
    """

    begin: Begin
    notices: Mapping[CalendarKind, CalendarNotices]
    clock: Clock

    async def __call__(
        self, kind: CalendarKind, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> AddressCheck | int:
        """Return how many notices were about a watch of ours, or the proof that the address is.

        Args:
            headers: their names in any case.

        Raises:
            NotFound: this server has no settings for the provider.
            MalformedNotification
        """
        if kind not in self.notices:
            raise NotFound("provider-settings")
        notices = self.notices[kind].read(query, {name.lower(): value for name, value in headers.items()}, body)
        if isinstance(notices, AddressCheck):
            return notices
        if not notices:
            return 0
        async with self.begin() as uow:
            watched = await uow.calendar_watches.by_secret({each.secret for each in notices})
            known = [
                (each, found.watch)
                for each in notices
                if (found := watched.get(each.secret)) and found.calendar.kind == kind
            ]
            failing = {found.calendar.id for found in watched.values() if found.calendar.failures}
            for notice, watch in known:
                self._take(uow, notice, watch, failing)
        return len(known)

    def _take(self, uow: UnitOfWork, notice: CalendarNotice, watch: CalendarWatch, failing: set[CalendarId]) -> None:
        now = self.clock()
        outdated = calendars_outdated((watch.calendar_id,), now + TOGETHER)
        match notice.kind:
            case "changed":
                # One that can't be read is asked when its server wants to be asked.
                if watch.calendar_id not in failing:
                    carry_out(uow, outdated)
            case "expiring":
                uow.calendar_watches.save(watch.has_to_be_renewed())
                carry_out(uow, watch_lacking(watch.calendar_id, now))
            case "ended":
                uow.calendar_watches.remove(watch.id)
                carry_out(uow, watch_lacking(watch.calendar_id, now), outdated)
