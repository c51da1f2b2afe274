"""Hours under a name, for any of a host's pages."""

import msgspec

from domain.availability import WEEKDAYS_NINE_TO_FIVE, Availability
from domain.faults import InvalidValue, Malformed
from domain.ids import HostId, ScheduleId
from domain.limits import check_text
from domain.zones import check_zone

LONGEST_SCHEDULE_NAME = 60
MOST_SCHEDULES = 50
"""Of a host; the editor of each page lists them all."""


class Schedule(msgspec.Struct, frozen=True):
    """Availability that pages share.

    Attributes:
        timezone: of its hours; None follows the host's.
        version: of the stored schedule; each save raises it.
    """

    id: ScheduleId
    host_id: HostId
    name: str
    availability: Availability = WEEKDAYS_NINE_TO_FIVE
    timezone: str | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_text(self.name, LONGEST_SCHEDULE_NAME, "name")
        if self.timezone is not None:
            check_zone(self.timezone)
        if self.version < 1:
            raise InvalidValue(Malformed("whole-number"), "version")
