"""Views of Outlook's calendars: what touches a span, in pages as large as the mailbox can bear.

Source: Microsoft Graph v1.0, "List calendarView".
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from adapters.http_client.fitting import utc_instant
from adapters.microsoft.mailbox_calls import MailboxCalls, P
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from domain.calendar_problem import ServerTooSlow
from domain.slot import Slot

_LARGEST_PAGE: Final = 1000
_SMALLEST_PAGE: Final = 50


async def view(
    mailboxes: MailboxCalls,
    access: CalendarAccess,
    calendar: str,
    span: Slot,
    type_: type[P],
    *,
    select: Sequence[str],
    expand: str | None = None,
) -> list[P]:
    """Read a whole view, in smaller pages where the server takes too long for large ones.

    Raises:
        CalendarUnreadable, AccessTokenExpired
    """
    fields = {
        "startDateTime": utc_instant(span.start),
        "endDateTime": utc_instant(span.end),
        "$select": ",".join(select),
        **({} if expand is None else {"$expand": expand}),
    }
    path = f"/me/calendars/{quote(calendar, safe='')}/calendarView"
    size = _LARGEST_PAGE
    while True:
        try:
            url = mailboxes.address(path, {**fields, "$top": str(size)})
            return await mailboxes.pages("read", access, url, type_)
        except CalendarUnreadable as unreadable:
            if unreadable.problem != ServerTooSlow() or size // 2 < _SMALLEST_PAGE:
                raise
            size //= 2
