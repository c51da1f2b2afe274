"""Google accounts of the sandbox."""

from typing import Any, Final

from adapters.sandbox.registration import AnyAccount


class GoogleAccount(AnyAccount, frozen=True, kw_only=True):
    """One Google account.

    Attributes:
        id: Google's `sub`: digits, too many for 64 bits.
        domain: the organisation's domain; None for a personal account.
        default_access: who gets in without knocking where a request says nothing about it.
        may_create: False where the organisation's administrator has switched Meet off.
        time_zone: of the account's calendars.
    """

    name: str
    domain: str | None = None
    default_access: str = "RESTRICTED"
    may_create: bool = True
    time_zone: str = "Europe/Berlin"

    @property
    def kind(self) -> str:
        kind = "personal account" if self.domain is None else f"account of {self.domain}"
        return kind if self.may_create else f"{kind}, Google Meet is switched off"

    def claims(self) -> dict[str, Any]:
        """Build what Google says of who has signed in."""
        return {
            "sub": self.id,
            "email": self.email,
            "email_verified": True,
            **({} if self.domain is None else {"hd": self.domain}),
        }


GINA: Final = GoogleAccount(id="108204268033311374519", email="gina.host@gmail.example", name="Gina Höst")
WILL: Final = GoogleAccount(
    id="117450033298561204877",
    email="will@work.example",
    name="Will Work",
    domain="work.example",
    default_access="TRUSTED",
)
RUTH: Final = GoogleAccount(
    id="103318420075566190246",
    email="ruth@school.example",
    name="Ruth Restricted",
    domain="school.example",
    may_create=False,
)
SAMPLES: Final = (GINA, WILL, RUTH)
