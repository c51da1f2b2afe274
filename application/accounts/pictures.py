"""Show a photo and a logo on one's pages and in guests' mails, and take them away."""

from dataclasses import dataclass

import msgspec

from application.actor import HostActor
from application.ports.pictures import DrawsPictures, Picture, UnreadableUpload
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.budgets import NEW_PICTURES
from domain.errors import InvalidInput, NotFound
from domain.faults import Required, TooLarge, UnreadablePicture
from domain.host import Host
from domain.picture import LARGEST_PICTURE, PictureDigest, PictureKind

UPLOAD = "picture"
"""The field that an upload is in."""


@dataclass(frozen=True)
class SetPicture:
    begin: Begin
    drawing: DrawsPictures
    spend: SpendBudget

    async def __call__(self, actor: HostActor, kind: PictureKind, upload: bytes) -> Host:
        """Show this picture from now on.

        Raises:
            Forbidden
            InvalidInput: no picture that can be used; names `UPLOAD`.
            NotFound: the account is gone.
            TooManyRequests: thirty new pictures an hour are enough.
        """
        host_id = actor.require("account:write")
        if not upload:
            raise InvalidInput.at(UPLOAD, Required())
        if len(upload) > LARGEST_PICTURE:
            raise InvalidInput.at(UPLOAD, TooLarge(LARGEST_PICTURE // 1024**2))
        await self.spend(NEW_PICTURES.of(host_id))
        # Drawing it takes longer than anybody should wait for the row.
        try:
            picture = await self.drawing.drawn(upload, kind)
        except UnreadableUpload as error:
            raise InvalidInput.at(UPLOAD, UnreadablePicture(error.why)) from error
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            if host is None:
                raise NotFound("account")
            changed = msgspec.structs.replace(host, **{kind: picture.digest})
            uow.pictures.keep(host_id, kind, picture)
            uow.hosts.save(changed)
        return changed


@dataclass(frozen=True)
class RemovePicture:
    begin: Begin

    async def __call__(self, actor: HostActor, kind: PictureKind) -> Host:
        """Show none any more, if there was one. Raises Forbidden, and NotFound where the account is gone."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            if host is None:
                raise NotFound("account")
            changed = msgspec.structs.replace(host, **{kind: None})
            uow.pictures.remove(host_id, kind)
            uow.hosts.save(changed)
        return changed


@dataclass(frozen=True)
class ShowPicture:
    begin: Begin

    async def __call__(self, digest: PictureDigest) -> Picture | None:
        """A picture that some host shows; nobody has to sign in for it."""
        async with self.begin() as uow:
            return await uow.pictures.find(digest)
