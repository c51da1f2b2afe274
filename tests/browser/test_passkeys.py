"""Passkeys in Chromium, with its virtual authenticator."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from adapters.sandbox.serve import serving
from adapters.webauthn.relying_party import Fido2RelyingParty
from application.app import App
from domain.host import Host
from tests.browser.barriers import barriers, barriers_here
from tests.support.serving import Server
from tests.support.site import PHONE, Site
from tests.support.visiting import PASSWORD

pytestmark = pytest.mark.browser


def put_in_place(server: Server, party: Fido2RelyingParty) -> None:
    memory = server.memory
    memory.ports = replace(memory.ports, relying_party=party)
    memory.app = App(memory.ports)
    server.litestar.state["app"] = memory.app


class PasskeySite(Site):
    """A site on localhost, the one name for which browsers make passkeys without https."""

    def __init__(self, server: Server, url: str, browser: Browser) -> None:
        super().__init__(server.memory, url, browser)
        self.server = server


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser) -> AsyncGenerator[PasskeySite]:
    server = Server(own_routes=True)
    async with serving(cast("Any", server.litestar), grace=0.1) as url:
        origin = f"http://localhost:{urlsplit(url).port}"
        put_in_place(server, Fido2RelyingParty(origin))
        site = PasskeySite(server, origin, browser)
        yield site
    assert [] == site.complaints


class Device:
    """The virtual authenticator of a page's browser; one that isn't `willing` leaves every request waiting."""

    def __init__(self, cdp: Any, id: str) -> None:
        self._cdp = cdp
        self._id = id

    @classmethod
    async def of(cls, page: Page, *, willing: bool = True, verifies: bool = True) -> "Device":
        cdp: Any = await page.context.new_cdp_session(page)
        await cdp.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": willing,
        }
        added = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(cdp, added["authenticatorId"])

    async def becomes(self, *, willing: bool) -> None:
        await self._send("setAutomaticPresenceSimulation", enabled=willing)

    async def credentials(self) -> list[dict[str, Any]]:
        return (await self._send("getCredentials"))["credentials"]

    async def forgets(self, credential: dict[str, Any]) -> None:
        await self._send("removeCredential", credentialId=credential["credentialId"])

    async def takes(self, credential: dict[str, Any]) -> None:
        await self._send("addCredential", credential=credential)

    async def _send(self, method: str, **more: Any) -> dict[str, Any]:
        return await self._cdp.send(f"WebAuthn.{method}", {"authenticatorId": self._id, **more})


async def fills_nothing_in(page: Page) -> None:
    """Be a browser that offers passkeys only where it is asked to."""
    await page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")


async def adds_passkey(page: Page, name: str = "My phone") -> None:
    await page.goto("/settings/profile")
    await page.get_by_role("link", name="Add a passkey").click()
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Create passkey").click()
    await expect(page.get_by_role("status")).to_have_text("Passkey added. You can sign in with it now.")


async def signs_out(page: Page) -> None:
    await page.goto("/settings/profile")
    await page.locator("[data-menu] > summary").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.wait_for_url("**/")


async def a_host_with_a_passkey(site: PasskeySite, **options: Any) -> tuple[Host, Page, Device]:
    host = await site.memory.host(password=PASSWORD)
    page = await site.signed_in(host, **options)
    device = await Device.of(page)
    await adds_passkey(page)
    return host, page, device


async def test_a_host_adds_a_passkey_signs_in_with_it_and_removes_it(site: PasskeySite) -> None:
    _, page, device = await a_host_with_a_passkey(site)
    [credential] = await device.credentials()
    assert ("localhost", True) == (credential["rpId"], credential["isResidentCredential"])
    await signs_out(page)
    await fills_nothing_in(page)

    await page.goto("/signin?next=/settings/profile")
    await page.get_by_role("button", name="Use a passkey").click()
    await page.wait_for_url("**/settings/profile")
    await expect(page.get_by_text("last used on")).to_be_visible()

    # Just signed in with the passkey, so no password is asked for.
    await page.get_by_role("link", name="Rename or remove “My phone”").click()
    await page.get_by_label("Name", exact=True).fill("Old phone")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("link", name="Rename or remove “Old phone”").click()
    await expect(page.get_by_label("Password")).to_have_count(0)
    await page.get_by_role("button", name="Remove passkey").click()
    await expect(page.get_by_role("status")).to_have_text("Passkey removed.")

    await signs_out(page)
    await page.goto("/signin")
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("This passkey isn’t known here.")


async def test_the_browser_fills_a_passkey_into_the_form(site: PasskeySite) -> None:
    _, page, _ = await a_host_with_a_passkey(site)
    await signs_out(page)

    await page.goto("/signin")

    await page.wait_for_url("**/dashboard")


async def test_a_passkey_does_in_place_of_the_password(site: PasskeySite) -> None:
    host = await site.memory.host(password=PASSWORD)
    page = await site.signed_in(host)
    await Device.of(page)
    await adds_passkey(page)

    await page.goto("/settings/api-tokens")
    await page.get_by_role("link", name="Use a passkey instead").click()
    await page.get_by_role("button", name="Use a passkey").click()
    await page.wait_for_url("**/settings/api-tokens")
    await expect(page.get_by_label("Password")).to_have_count(0)
    await page.get_by_label("What is it for?").fill("Backup script")
    await page.get_by_label("bookings:read").check()
    await page.get_by_role("button", name="Create a token").click()

    await expect(page.get_by_role("heading", name="Copy your new token now")).to_be_visible()


async def test_a_device_makes_no_second_passkey_for_the_same_account(site: PasskeySite) -> None:
    _, page, _ = await a_host_with_a_passkey(site)

    await page.goto("/settings/passkeys/new")
    await page.get_by_label("Name", exact=True).fill("Again")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Create passkey").click()

    await expect(page.get_by_role("alert")).to_have_text("This device has a passkey for your account already.")


async def test_an_answer_that_was_caught_signs_nobody_in_again(site: PasskeySite) -> None:
    _, page, _ = await a_host_with_a_passkey(site)
    await signs_out(page)
    async with page.expect_request("**/signin/passkey") as sent:
        await page.goto("/signin")
        await page.wait_for_url("**/dashboard")
    caught = await sent.value
    cookies = (await caught.all_headers())["cookie"]

    for headers in ({}, {"Cookie": cookies}):
        async with httpx.AsyncClient(base_url=site.url, headers=headers) as thief:
            answer = await thief.post("/signin/passkey", data=dict(parse_qsl(caught.post_data or "")))
        assert 400 == answer.status_code
        assert "That took too long." in answer.text


async def test_the_key_of_somebody_else_is_refused(site: PasskeySite) -> None:
    _, page, device = await a_host_with_a_passkey(site)
    [theirs] = await device.credentials()
    _, stranger, forging = await a_host_with_a_passkey(site)
    [own] = await forging.credentials()

    # The host's passkey in the stranger's session.
    await forging.forgets(own)
    await forging.takes(theirs)
    await stranger.goto("/settings/confirm")
    await stranger.get_by_role("button", name="Use a passkey").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("This passkey isn’t known here.")

    # The stranger's key under the host's name.
    await device.forgets(theirs)
    await device.takes({**theirs, "privateKey": own["privateKey"]})
    await signs_out(page)
    await page.goto("/signin")
    await expect(page.get_by_role("alert")).to_contain_text("This passkey wasn’t accepted.")


async def test_an_answer_to_another_origin_is_refused(site: PasskeySite) -> None:
    _, page, _ = await a_host_with_a_passkey(site)
    await signs_out(page)
    # Another port of the same machine: browsers hand its pages the passkeys, and write where they did.
    put_in_place(site.server, Fido2RelyingParty("http://localhost:1"))

    await page.goto("/signin")

    await expect(page.get_by_role("alert")).to_contain_text("This passkey wasn’t accepted.")


async def test_a_device_that_knows_nobody_is_refused(site: PasskeySite) -> None:
    host = await site.memory.host(password=PASSWORD)
    page = await site.signed_in(host)
    await Device.of(page, verifies=False)

    await page.goto("/settings/passkeys/new")
    await page.get_by_label("Name", exact=True).fill("Found on the street")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Create passkey").click()

    await expect(page.get_by_role("alert")).to_contain_text("Try again.")


NOBODY_CHOOSES = """
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) => options.mediation !== "conditional" ? get(options) :
        new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(options.signal.reason)));
"""


async def test_the_button_takes_over_from_what_the_browser_offers(site: PasskeySite) -> None:
    _, page, _ = await a_host_with_a_passkey(site)
    await signs_out(page)
    await page.add_init_script(NOBODY_CHOOSES)
    async with page.expect_response("**/signin/passkey/options"):
        await page.goto("/signin")
    await page.get_by_role("button", name="Use a passkey").click()

    await page.wait_for_url("**/dashboard")


async def test_without_scripts_or_support_the_password_is_all_there_is(site: PasskeySite) -> None:
    host = await site.memory.host(password=PASSWORD)
    page = await site.visitor(java_script_enabled=False)
    await page.goto("/signin")
    await expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)

    page = await site.visitor()
    await page.add_init_script("delete window.PublicKeyCredential")
    await page.goto("/signin")
    await expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    await page.get_by_label("Email").fill(host.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.goto("/settings/profile")
    await expect(page.get_by_role("link", name="Add a passkey")).to_have_count(0)
    await expect(page.get_by_text("a browser that supports passkeys")).to_be_visible()


async def test_the_pages_have_no_barrier_and_fit_a_phone(site: PasskeySite) -> None:
    _, page, _ = await a_host_with_a_passkey(site, viewport=PHONE, reduced_motion="reduce")
    await page.goto("/settings/profile")
    path = await page.get_by_role("link", name="Rename or remove “My phone”").get_attribute("href")
    found = [
        barrier
        for each in ("/settings/profile", "/settings/passkeys/new", "/settings/confirm", path or "")
        for barrier in await barriers(page, each)
    ]
    await page.goto("/settings/passkeys/new")
    await page.get_by_role("button", name="Continue").click()
    found += await barriers_here(page)
    await page.get_by_label("Name", exact=True).fill("Laptop")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    found += await barriers_here(page)
    await page.get_by_role("button", name="Create passkey").click()
    await page.get_by_role("alert").wait_for()
    found += await barriers_here(page)

    assert [] == found
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
