"""Microsoft accounts of the sandbox and their organisations."""

from typing import Any, Final

from adapters.sandbox.opaque import base64url, digest
from adapters.sandbox.registration import AnyAccount

PERSONAL_TENANT: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"


class MicrosoftAccount(AnyAccount, frozen=True, kw_only=True):
    """One Microsoft account.

    Attributes:
        id: Microsoft's `oid`.
        email: what its owner signs in with (`preferred_username`).
        tenant_id: the directory that it lives in (`tid`).
        tenant: the organisation's domain.
        users_may_consent: False where an administrator has to approve an app before anybody can connect it.
        may_create: False for an account without a Teams licence.
        timezone: IANA name of the zone that its mailbox is set to.
    """

    name: str
    tenant_id: str
    tenant: str
    users_may_consent: bool = True
    may_create: bool = True
    timezone: str = "Europe/Berlin"

    @property
    def is_personal(self) -> bool:
        return self.tenant_id == PERSONAL_TENANT

    @property
    def kind(self) -> str:
        if self.is_personal:
            return "personal account"
        if not self.may_create:
            return f"work account of {self.tenant}, no Teams licence"
        if not self.users_may_consent:
            return f"work account of {self.tenant}, an administrator has to approve apps"
        return f"work account of {self.tenant}"

    def claims(self, client_id: str) -> dict[str, Any]:
        """Build what Microsoft says of who has signed in; `sub` is another one for each app."""
        return {
            "iss": f"https://login.microsoftonline.com/{self.tenant_id}/v2.0",
            "tid": self.tenant_id,
            "oid": self.id,
            "sub": base64url(bytes.fromhex(digest(f"{client_id} {self.id}"))),
            "preferred_username": self.email,
            "email": self.email,
            "name": self.name,
            "ver": "2.0",
        }


MIA: Final = MicrosoftAccount(
    id="6d1f1a52-8a0c-4a1e-9f51-2f9a3f0c7b01",
    email="mia.host@contoso.example",
    name="Mia Höst",
    tenant_id="0f4f3c9e-51d3-4c0b-8a5e-1b7f6c2d9a10",
    tenant="contoso.example",
)
TOM: Final = MicrosoftAccount(
    id="b8a7f0d4-33c6-4de2-8b1d-7c5e9a4f2c02",
    email="tom@fabrikam.example",
    name="Tom Team",
    tenant_id="7a2e6d1b-9c48-4f35-b0d7-3e8c5a1f4b20",
    tenant="fabrikam.example",
)
PIA: Final = MicrosoftAccount(
    id="00000000-0000-0000-66f3-3332eca7ea81",
    email="pia@outlook.example",
    name="Pia Personal",
    tenant_id=PERSONAL_TENANT,
    tenant="outlook.example",
    timezone="America/New_York",
)
NED: Final = MicrosoftAccount(
    id="3c9d5e7a-14b2-46f8-a6c0-9d2e8f1b5a03",
    email="ned@guarded.example",
    name="Ned Needs-Approval",
    tenant_id="c5d8b1f2-6e07-4a93-9f14-8b3d7e2c6a30",
    tenant="guarded.example",
    users_may_consent=False,
)
LIV: Final = MicrosoftAccount(
    id="e2f4a6b8-5d19-4c37-8e20-1a9b3c7d5f04",
    email="liv@contoso.example",
    name="Liv Licenceless",
    tenant_id=MIA.tenant_id,
    tenant=MIA.tenant,
    may_create=False,
)
SAMPLES: Final = (MIA, TOM, PIA, NED, LIV)
