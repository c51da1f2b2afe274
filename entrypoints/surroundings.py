"""The mail server's certificate and the disk of an embedded database, as a web process knows them."""

import asyncio
from datetime import datetime

from adapters.http.metrics import Surroundings
from application.ports.mail import MailError
from entrypoints.disk import disk_of
from entrypoints.settings import Settings

LOOK_EVERY = 3600.0


class Watched:
    """Looks at the certificate hourly, since that takes a connection, and at the disk when it is asked."""

    def __init__(self, settings: Settings) -> None:
        self._smtp = settings.smtp
        self._folder = settings.database_folder
        self._ends_at: datetime | None = None

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        if self._smtp is not None and self._smtp.tls != "none":
            # Reads certificates by a part of a package that nothing else needs: 3 MiB.
            from adapters.mail.certificate import certificate_ends_at  # noqa: PLC0415

            try:
                self._ends_at = await certificate_ends_at(self._smtp)
            except MailError:
                # Whether the server answers is seen by the mails that wait for it.
                return

    def __call__(self) -> Surroundings:
        return Surroundings(self._ends_at, None if self._folder is None else disk_of(self._folder))
