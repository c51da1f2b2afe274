"""Pictures of hosts: what every store promises about them."""

import msgspec

from application.ports.pictures import Picture
from domain.host import Host
from domain.picture import PictureDigest, PictureKind
from tests.support.builders import NOW, a_host
from tests.support.store import Store, keep

FIRST = Picture(PictureDigest("1" * 32), b"webp 1", b"jpeg 1")
SECOND = Picture(PictureDigest("2" * 32), b"webp 2", b"jpeg 2")


async def shown(store: Store, host: Host, kind: PictureKind, picture: Picture) -> None:
    async with store.begin() as uow:
        uow.pictures.keep(host.id, kind, picture)
        uow.hosts.save(msgspec.structs.replace(host, **{kind: picture.digest}))


async def found(store: Store, picture: Picture) -> Picture | None:
    async with store.begin() as uow:
        return await uow.pictures.find(picture.digest)


async def test_a_picture_is_found_by_the_digest_that_its_host_names(store: Store, host: Host) -> None:
    await shown(store, host, "photo", FIRST)

    async with store.begin() as uow:
        kept = await uow.hosts.get(host.id)
    assert kept
    assert (FIRST.digest, None) == (kept.photo, kept.logo)
    assert FIRST == await found(store, FIRST)
    assert await found(store, SECOND) is None


async def test_the_next_picture_takes_the_place_of_the_one_before(store: Store, host: Host) -> None:
    await shown(store, host, "photo", FIRST)
    await shown(store, host, "photo", SECOND)

    assert SECOND == await found(store, SECOND)
    assert await found(store, FIRST) is None


async def test_what_two_show_stays_until_neither_shows_it(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    await shown(store, host, "photo", FIRST)
    await shown(store, other, "logo", FIRST)

    async with store.begin() as uow:
        uow.pictures.remove(host.id, "photo")
        uow.pictures.remove(other.id, "photo")
    assert FIRST == await found(store, FIRST)

    async with store.begin() as uow:
        uow.pictures.remove(other.id, "logo")
    assert await found(store, FIRST) is None


async def test_pictures_go_with_their_account(store: Store, host: Host) -> None:
    await shown(store, host, "logo", FIRST)

    async with store.begin() as uow:
        uow.accounts.erase(host.id, NOW)

    assert await found(store, FIRST) is None
