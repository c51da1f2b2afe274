"""Creates meetings as Zoom does, with each field checked."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from adapters.sandbox.store import Store
from adapters.sandbox.zoom import opaque
from adapters.sandbox.zoom.accounts import ZoomAccount
from adapters.sandbox.zoom.errors import daily_limit, invalid_fields, may_not_schedule, not_json
from adapters.sandbox.zoom.timezones import ZONES

DAILY_LIMIT: Final = 100
SCHEDULED: Final = 2
MOST_MINUTES: Final = 1440
MOST_TOPIC: Final = 200
MOST_AGENDA: Final = 2000
START_KEY_LIFE: Final = timedelta(hours=2)

_TYPES: Final[Mapping[str, type]] = {
    "topic": str,
    "type": int,
    "start_time": str,
    "duration": int,
    "timezone": str,
    "agenda": str,
    "password": str,
    "default_password": bool,
    "schedule_for": str,
    "template_id": str,
    "tracking_fields": list,
    "recurrence": dict,
    "pre_schedule": bool,
    "settings": dict,
}
_SETTINGS: Final[Mapping[str, type]] = {
    "allow_multiple_devices": bool,
    "alternative_hosts": str,
    "alternative_hosts_email_notification": bool,
    "approval_type": int,
    "audio": str,
    "auto_recording": str,
    "calendar_type": int,
    "email_notification": bool,
    "encryption_type": str,
    "focus_mode": bool,
    "host_video": bool,
    "jbh_time": int,
    "join_before_host": bool,
    "meeting_authentication": bool,
    "meeting_invitees": list,
    "mute_upon_entry": bool,
    "participant_video": bool,
    "private_meeting": bool,
    "push_change_to_calendar": bool,
    "registrants_confirmation_email": bool,
    "registrants_email_notification": bool,
    "use_pmi": bool,
    "waiting_room": bool,
}
_START: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_PASSCODE: Final = re.compile(r"[A-Za-z0-9@_*!#-]{1,10}", re.ASCII)


class StoredMeeting(msgspec.Struct, frozen=True):
    """A meeting that was made; `body` is the whole 201 answer."""

    id: int
    host_id: str
    host_email: str
    topic: str
    start_time: str
    duration: int
    timezone: str
    join_url: str
    agenda: str
    uses_pmi: bool
    created_at: datetime
    body: dict[str, Any]


class Made(msgspec.Struct, frozen=True):
    count: int


class ZoomMeetings:
    """The meetings of all accounts, and how many each has made today (UTC)."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._now = now
        self._rows = store.table("meeting", StoredMeeting)
        self._made = store.table("made", Made)

    def all(self) -> list[StoredMeeting]:
        """List every meeting, oldest first."""
        return list(self._rows.values())

    def made_today(self, account: ZoomAccount) -> int:
        made = self._made.get(self._today(account))
        return 0 if made is None else made.count

    def create(self, account: ZoomAccount, raw: bytes, content_type: str) -> StoredMeeting:
        """Make a meeting on an account.

        Raises:
            ApiError: the body is wrong (300), the account may not schedule (3161), or it has made 100 meetings
                since midnight UTC (429).
        """
        wish = _checked(raw, content_type)
        if not account.may_schedule:
            raise may_not_schedule()
        made = self.made_today(account)
        if made >= DAILY_LIMIT:
            raise daily_limit()
        self._made.put(self._today(account), Made(made + 1))
        meeting = self._meeting(account, wish)
        self._rows.put(str(meeting.id), meeting)
        return meeting

    def _today(self, account: ZoomAccount) -> str:
        return f"{account.id}/{self._now().astimezone(UTC).date().isoformat()}"

    def _meeting(self, account: ZoomAccount, wish: Mapping[str, Any]) -> StoredMeeting:
        number = opaque.meeting_number()
        while str(number) in self._rows:
            number = opaque.meeting_number()
        wished: dict[str, Any] = wish.get("settings", {})
        # What the request leaves open is the user's own setting, whatever the documented default says.
        uses_pmi: bool = wished.get("use_pmi", account.pmi_when_scheduling)
        now = self._now()
        pwd = opaque.encrypted_passcode()
        shown = account.pmi if uses_pmi else number
        dial_in = opaque.dial_in_passcode()
        body: dict[str, Any] = {
            "uuid": opaque.uuid(),
            "id": number,
            "host_id": account.id,
            "host_email": account.email,
            "topic": wish.get("topic", "Zoom Meeting"),
            "type": SCHEDULED,
            "status": "waiting",
            "start_time": wish["start_time"],
            "duration": wish["duration"],
            "timezone": wish.get("timezone", account.timezone),
            **({"agenda": wish["agenda"]} if wish.get("agenda") else {}),
            "created_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "start_url": f"https://us05web.zoom.us/s/{shown}?zak={opaque.jwt(account.id, now, START_KEY_LIFE)}",
            "join_url": f"https://us05web.zoom.us/j/{shown}?pwd={pwd}",
            "chat_join_url": f"https://us05web.zoom.us/launch/jc/{shown}",
            "password": wish.get("password", opaque.passcode()),
            "h323_password": dial_in,
            "pstn_password": dial_in,
            "encrypted_password": pwd,
            "settings": {**_usual_settings(), **wished, "use_pmi": uses_pmi},
            "creation_source": "open_api",
            "pre_schedule": False,
            **({"pmi": str(account.pmi)} if uses_pmi else {}),
        }
        return StoredMeeting(
            id=number,
            host_id=account.id,
            host_email=account.email,
            topic=body["topic"],
            start_time=body["start_time"],
            duration=body["duration"],
            timezone=body["timezone"],
            join_url=body["join_url"],
            agenda=wish.get("agenda", ""),
            uses_pmi=uses_pmi,
            created_at=now,
            body=body,
        )


def _checked(raw: bytes, content_type: str) -> dict[str, Any]:
    if not content_type.lower().startswith("application/json"):
        raise not_json()
    try:
        wish: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise not_json() from error
    wrong = _ill_typed(wish, _TYPES, "")
    # A field of the wrong type has no value worth a second look.
    wrong = wrong or _ill_typed(wish.get("settings", {}), _SETTINGS, "settings.") + _unacceptable(wish)
    if wrong:
        raise invalid_fields(*wrong)
    return wish


def _ill_typed(given: Mapping[str, Any], known: Mapping[str, type], where: str) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    for name, value in given.items():
        wanted = known.get(name)
        if wanted is None:
            wrong.append((f"{where}{name}", "Invalid field."))
        elif type(value) is not wanted:
            wrong.append((f"{where}{name}", f"Invalid field: {wanted.__name__} expected."))
    return wrong


def _unacceptable(wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    if wish.get("type", SCHEDULED) != SCHEDULED:
        wrong.append(("type", "Only scheduled meetings (2) can be made here."))
    if not _is_start(wish.get("start_time", "")):
        wrong.append(("start_time", "Invalid field: yyyy-MM-ddTHH:mm:ssZ expected."))
    if not 1 <= wish.get("duration", 0) <= MOST_MINUTES:
        wrong.append(("duration", f"Invalid field: 1 to {MOST_MINUTES} minutes expected."))
    if len(wish.get("topic", "")) > MOST_TOPIC:
        wrong.append(("topic", f"Topic should be less than or equal to {MOST_TOPIC} characters."))
    if len(wish.get("agenda", "")) > MOST_AGENDA:
        wrong.append(("agenda", f"Agenda should be less than or equal to {MOST_AGENDA} characters."))
    if wish.get("timezone", "UTC") not in ZONES:
        wrong.append(("timezone", "Invalid field: not a supported time zone."))
    if "password" in wish and not _PASSCODE.fullmatch(wish["password"]):
        wrong.append(("password", "Invalid field: 1 to 10 letters, digits or @ - _ * ! # expected."))
    return wrong


def _is_start(text: str) -> bool:
    if not _START.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _usual_settings() -> dict[str, Any]:
    return {
        "host_video": True,
        "participant_video": True,
        "cn_meeting": False,
        "in_meeting": False,
        "join_before_host": True,
        "jbh_time": 0,
        "mute_upon_entry": False,
        "watermark": False,
        "approval_type": 2,
        "audio": "voip",
        "auto_recording": "none",
        "enforce_login": False,
        "alternative_hosts": "",
        "waiting_room": False,
        "registrants_email_notification": True,
        "meeting_authentication": False,
        "encryption_type": "enhanced_encryption",
        "meeting_invitees": [],
        "private_meeting": False,
        "email_notification": True,
        "alternative_hosts_email_notification": True,
        "push_change_to_calendar": False,
        "focus_mode": False,
        "allow_multiple_devices": False,
    }
