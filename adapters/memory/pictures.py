"""Pictures of hosts in memory, and uploads that are taken as they are."""

from hashlib import sha256

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.pictures import Picture, UnreadableUpload
from domain.ids import HostId
from domain.picture import PictureDigest, PictureKind


class MemoryPictures:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def keep(self, host_id: HostId, kind: PictureKind, picture: Picture) -> None:
        def change(tables: Tables) -> None:
            tables.pictures[host_id, kind] = picture

        self._transaction.stage(change)

    def remove(self, host_id: HostId, kind: PictureKind) -> None:
        def change(tables: Tables) -> None:
            tables.pictures.pop((host_id, kind), None)

        self._transaction.stage(change)

    async def find(self, digest: PictureDigest, /) -> Picture | None:
        stored = (await self._transaction.read()).pictures.values()
        return next((each for each in stored if each.digest == digest), None)


class MemoryDrawing:
    """Takes for a picture whatever begins like a PNG, and draws nothing."""

    async def drawn(self, upload: bytes, kind: PictureKind, /) -> Picture:
        if not upload.startswith(b"\x89PNG"):
            raise UnreadableUpload("not-png-jpeg-webp")
        digest = sha256(kind.encode() + upload).hexdigest()[:32]
        return Picture(PictureDigest(digest), b"RIFF" + upload, b"\xff\xd8" + upload)
