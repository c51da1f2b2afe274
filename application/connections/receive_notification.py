"""Take what a provider tells of its own accord, once it has proved that it is the provider."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.actor import System
from application.connections.deauthorize import Cleared, Deauthorize, Heard
from application.ports.notifications import AddressCheck, AppRemoved, ProviderNotifications, SomethingElse
from domain.provider import Provider


class NotificationsNotSetUp(Exception):
    """This server has no settings for the provider, and so no secret to check a signature with."""


@dataclass(frozen=True)
class ReceiveNotification:
    """Acts on a provider's notification, once its signature is verified."""

    notifications: Mapping[Provider, ProviderNotifications]
    deauthorize: Deauthorize

    async def __call__(
        self, provider: Provider, headers: Mapping[str, str], body: bytes
    ) -> AddressCheck | Cleared | SomethingElse:
        """Check the signature over the raw body, and do what the notification asks for.

        Args:
            provider: who is said to have sent it.
            headers: their names in any case.
            body: as it came.

        Raises:
            NotificationsNotSetUp, Forged, Malformed
        """
        reader = self.notifications.get(provider)
        if reader is None:
            raise NotificationsNotSetUp
        notice = reader.read(body, {name.lower(): value for name, value in headers.items()})
        if not isinstance(notice, AppRemoved):
            return notice
        if notice.client_id != reader.client_id:
            return Cleared(Heard.ANOTHER_APP)
        return await self.deauthorize(System(), provider, notice)
