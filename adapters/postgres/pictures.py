"""The pictures that hosts show."""

from adapters.postgres.transaction import Transaction
from application.ports.pictures import Picture
from domain.ids import HostId
from domain.picture import PictureDigest, PictureKind

_KEEP = """
    insert into pictures (host_id, kind, digest, webp, jpeg) values ($1, $2, $3, $4, $5)
    on conflict (host_id, kind) do update set digest = excluded.digest, webp = excluded.webp, jpeg = excluded.jpeg
"""


class PostgresPictures:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, host_id: HostId, kind: PictureKind, picture: Picture) -> None:
        self._transaction.write(_KEEP, host_id, kind, picture.digest, picture.webp, picture.jpeg)

    def remove(self, host_id: HostId, kind: PictureKind) -> None:
        self._transaction.write("delete from pictures where host_id = $1 and kind = $2", host_id, kind)

    async def find(self, digest: PictureDigest, /) -> Picture | None:
        row = await self._transaction.read("select webp, jpeg from pictures where digest = $1 limit 1", digest)
        return None if row is None else Picture(digest, row["webp"], row["jpeg"])
