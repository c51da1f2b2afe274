"""Zoom accounts of the sandbox."""

from enum import IntEnum
from typing import Any, Final

from adapters.sandbox.registration import AnyAccount

SCHEDULING_TYPES: Final = (1, 2)


class Plan(IntEnum):
    """Zoom's `type` of a user."""

    BASIC = 1
    LICENSED = 2
    UNASSIGNED = 4
    NONE = 99

    @property
    def label(self) -> str:
        return {
            Plan.BASIC: "Basic",
            Plan.LICENSED: "Licensed",
            Plan.UNASSIGNED: "Unassigned: may not schedule",
            Plan.NONE: "No meetings licence: may not schedule",
        }[self]


class ZoomAccount(AnyAccount, frozen=True, kw_only=True):
    """One Zoom user.

    `pmi_when_scheduling` is the user's own setting "use Personal Meeting ID when scheduling", which wins
    over a request that says nothing about it.
    """

    account_id: str
    first_name: str
    last_name: str
    plan: Plan = Plan.LICENSED
    timezone: str = "Europe/Berlin"
    pmi: int = 7764777964
    pmi_when_scheduling: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def may_schedule(self) -> bool:
        return self.plan in SCHEDULING_TYPES

    def profile(self) -> dict[str, Any]:
        """Build what `GET /v2/users/me` answers, with fields that nobody should keep."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "display_name": self.name,
            "email": self.email,
            "type": int(self.plan),
            "role_name": "Owner",
            "pmi": self.pmi,
            "use_pmi": False,
            "personal_meeting_url": f"https://us05web.zoom.us/j/{self.pmi}?pwd=c2FuZGJveC1wZXJzb25hbA.1",
            "timezone": self.timezone,
            "verified": 0,
            "dept": "",
            "created_at": "2026-05-13T06:50:39Z",
            "last_login_time": "2026-11-02T06:50:39Z",
            "pic_url": f"https://us05web.zoom.us/p/v2/{self.id}",
            "cms_user_id": "",
            "jid": f"{self.id.lower()}@xmpp.zoom.us",
            "group_ids": [],
            "im_group_ids": [],
            "account_id": self.account_id,
            "language": "en-US",
            "phone_country": "",
            "phone_number": "",
            "status": "active",
            "job_title": "",
            "cost_center": "",
            "location": "",
            "login_types": [1],
            "role_id": "0",
            "cluster": "us05",
            "user_created_at": "2026-05-13T06:50:39Z",
        }


# Real ids begin with `_` or `-` at times and differ by case alone.
ANNA: Final = ZoomAccount(
    id="_rvAnnaH5Sx2rTplFO1PgA",
    account_id="DaVHmHOWQcCf2juv51RGsg",
    email="anna.host@zoom.example",
    first_name="Anna",
    last_name="Höst",
)
BEN: Final = ZoomAccount(
    id="-KxBenB0Qz6m1c9wYt3dLw",
    account_id="Qm9BasicAccountXyz012g",
    email="ben.basic@zoom.example",
    first_name="Ben",
    last_name="Basic",
    plan=Plan.BASIC,
    timezone="America/New_York",
    pmi=3125550142,
)
CARLA: Final = ZoomAccount(
    id="cRlBlockedT7e5Nn0aPq8g",
    account_id="DaVHmHOWQcCf2juv51RGsg",
    email="carla.blocked@zoom.example",
    first_name="Carla",
    last_name="Blocked",
    plan=Plan.UNASSIGNED,
    pmi=4915550143,
)
DORA: Final = ZoomAccount(
    id="dRaRoomP4kL2vWx8sBn6uQ",
    account_id="ZqRoomAccount77aa88bbw",
    email="dora.room@zoom.example",
    first_name="Dora",
    last_name="Room",
    timezone="Asia/Kolkata",
    pmi=8085550144,
    pmi_when_scheduling=True,
)
SAMPLES: Final = (ANNA, BEN, CARLA, DORA)
