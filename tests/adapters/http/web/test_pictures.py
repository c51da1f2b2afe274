"""A host's photo and logo: chosen in the settings, shown to guests."""

import msgspec

from adapters.memory.pictures import MemoryDrawing
from application.actor import HostActor
from application.ports.pictures import Picture
from domain.budgets import NEW_PICTURES
from domain.picture import LARGEST_PICTURE, PictureKind
from tests.support.builders import a_booking, a_page
from tests.support.serving import API, Server
from tests.support.store import keep
from tests.support.visiting import Visitor, a_signed_in_host

PNG = b"\x89PNG and pixels"


async def sends(visitor: Visitor, kind: PictureKind, upload: bytes) -> Visitor:
    path = f"/settings/pictures/{kind}"
    visitor.answer = await visitor.client.post(path, files={"picture": ("a.svg", upload, "text/html")})
    return visitor


async def drawn(kind: PictureKind) -> Picture:
    return await MemoryDrawing().drawn(PNG, kind)


async def test_guests_see_photo_and_logo_wherever_they_see_the_host(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    booking = a_booking(page)
    await keep(server.memory.store, booking)
    for kind in ("photo", "logo"):
        assert f"{kind.title()} saved." in (await (await sends(visitor, kind, PNG)).follows()).text

    photo, logo = await drawn("photo"), await drawn("logo")
    for path in (f"/{host.handle}/{page.slug}", f"/{host.handle}", f"/b/{booking.token}", "/settings/profile"):
        html = (await visitor.opens(path)).html
        assert f'<img class="avatar" src="/pictures/{photo.digest}.webp" alt=""' in html, path
        assert f'src="/pictures/{logo.digest}.webp" alt="Logo of {host.name}"' in html, path


async def test_a_picture_is_served_as_what_it_is_and_kept_forever(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    await sends(visitor, "photo", PNG)
    photo = await drawn("photo")

    for ending, kind, content in (("webp", "image/webp", photo.webp), ("jpg", "image/jpeg", photo.jpeg)):
        answer = (await Visitor(server).opens(f"/pictures/{photo.digest}.{ending}")).answer
        assert (kind, content) == (answer.headers["content-type"], answer.content)
        assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")

    for name in (f"{photo.digest}.png", f"{'0' * 32}.webp", photo.digest, "%00.webp"):
        assert 404 == (await Visitor(server).opens(f"/pictures/{name}")).status


async def test_what_is_removed_is_gone_everywhere(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    await sends(visitor, "photo", PNG)

    await visitor.sends("/settings/pictures/photo/remove", page="/settings/profile")

    assert "Photo removed." in (await visitor.follows()).text
    assert "Remove photo" not in visitor.text
    assert "/pictures/" not in (await visitor.opens(f"/{host.handle}/{page.slug}")).html
    assert 404 == (await visitor.opens(f"/pictures/{(await drawn('photo')).digest}.webp")).status


async def test_a_file_that_cannot_be_shown_is_refused_beside_its_field(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await sends(visitor, "logo", PNG)

    for upload, words in (
        (b"", "required"),
        (b"<svg/>", "SVG, GIF and HEIC won’t work."),
        (PNG + bytes(LARGEST_PICTURE), "This file is larger than 8 MB."),
    ):
        await sends(visitor, "logo", upload)
        assert 400 == visitor.status
        assert words in visitor.text or not upload

    shown = (await server.memory.app.show_profile(HostActor(host.id))).host
    assert (None, (await drawn("logo")).digest) == (shown.photo, shown.logo)


async def test_another_kind_of_picture_is_not_found(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    assert 404 == (await visitor.client.post("/settings/pictures/banner", files={"picture": PNG})).status_code


async def test_drawing_is_rationed(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    for _ in range(NEW_PICTURES.most):
        await sends(visitor, "photo", PNG)

    await sends(visitor, "photo", PNG)

    assert 429 == visitor.status
    assert "You’ve changed your pictures too often." in visitor.text
    assert visitor.answer.headers["retry-after"]


async def test_programs_set_and_remove_pictures(server: Server) -> None:
    host = await server.memory.host()
    client = server.client(await server.memory.token_of(host))

    shown = await client.put(f"{API}/me/pictures/logo", json={"picture": "iVBORw=="})
    broken = await client.put(f"{API}/me/pictures/logo", json={"picture": "?"})
    removed = await client.delete(f"{API}/me/pictures/logo")

    assert (200, 400, 200) == (shown.status_code, broken.status_code, removed.status_code)
    assert (await MemoryDrawing().drawn(b"\x89PNG", "logo")).digest == shown.json()["logo"]
    assert [{"field": "picture", "message": "Encode the file as Base64."}] == broken.json()["errors"]
    assert removed.json()["logo"] is None


async def test_pictures_are_in_the_export(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await sends(visitor, "photo", PNG)

    exported = await server.memory.app.export_data(HostActor(host.id))

    assert {"photo": (await drawn("photo")).webp} == exported.pictures
    assert msgspec.json.encode(exported)
