"""After a full run on processes of its own, nothing that is kept or said holds a secret."""

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.deauthorization import signed
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from domain.ids import HostId
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.forks import Forks
from tests.support.guests import books, free_times, ready
from tests.support.tokens import an_api_token

pytestmark = pytest.mark.redis

PASSWORD = "correct horse battery staple"
CALLBACK = "http://timetuna.example/integrations/zoom/callback"
NOTICES = "/integrations/zoom/deauthorized"
_LINK = re.compile(r"/(?:confirm-email|reset|unsubscribe)/([\w-]+)")
_TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path, forks: Forks) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path, start=forks.start) as running:
        yield running


@pytest.fixture
async def browser(deployment: Deployment) -> AsyncGenerator[httpx.AsyncClient]:
    """The host's browser, which is also the guest's."""
    async with httpx.AsyncClient(base_url=await deployment.web(), verify=False, timeout=30) as client:
        yield client


async def test_no_secret_is_in_the_database_a_log_or_a_mail(deployment: Deployment, browser: httpx.AsyncClient) -> None:
    sandbox = deployment.sandbox
    sandbox.redirect_uris.append(CALLBACK)
    sandbox.deauthorizations.url = f"{browser.base_url}{NOTICES}"
    worker = await deployment.workers()
    host = await _signs_up(deployment, browser)
    path = await host.publishes(browser)
    starts = await free_times(browser, path, 4)
    kept: list[str] = []

    await _connects(browser)
    await ready(browser, await books(browser, path, starts[0]))
    kept.append(await _dump(deployment))
    sandbox.grants.expire_access_tokens()
    sandbox.fail(ZoomFailure.UNAVAILABLE_HTML, on=ZoomEndpoint.REFRESH)
    sandbox.fail(ZoomFailure.SERVER_ERROR, on=ZoomEndpoint.MEETINGS)
    await _tries_again_at_once(deployment, await books(browser, path, starts[1]))
    kept.append(await _dump(deployment))
    await browser.delete("/api/v1/providers/zoom", headers=host.headers)
    kept.append(await _dump(deployment))
    await _connects(browser)
    await _is_lied_to(deployment, browser)
    await books(browser, path, starts[2])
    sandbox.fail(ZoomFailure.DISABLED_BY_ADMIN, on=ZoomEndpoint.MEETINGS, times=None)
    await books(browser, path, starts[3])
    await deployment.until(lambda: deployment.store.pool.fetchval("select count(*) > 0 from provider_connections"))
    await deployment.owes_nothing()
    kept.append(await _dump(deployment))
    await sandbox.remove(ANNA)
    await deployment.until(lambda: deployment.store.pool.fetchval("select count(*) = 0 from provider_connections"))
    await deployment.owes_nothing()
    kept.append(await _dump(deployment))
    await worker.stop()

    logs = [each.says() for each in deployment.running]
    mails = [mail.message.as_string() for mail in deployment.mailbox.messages()]
    assert any("app_removed" in log for log in logs)
    assert any("is no longer connected" in mail for mail in mails)
    secrets = {
        *sandbox.secrets,
        *(sandbox.client_secret, sandbox.secret_token, PASSWORD, deployment.environ["TIMETUNA_SECRET_KEYS"]),
        *(host.api_token, browser.cookies["timetuna_session"], browser.cookies["timetuna_device"]),
        "the-forged-signature",
        *("zak=", "start_url"),
    }
    assert any('"event": "security"' in log for log in logs)
    assert not [log for log in logs if "anna@hosts.example" in log]
    links = {link for mail in deployment.mailbox.messages() for link in _LINK.findall(mail.text)}
    assert links
    assert not [link for link in links for text in (*kept, *logs) if link in text]
    assert len(secrets) > 12
    for text in (*kept, *logs, *mails):
        for secret in secrets:
            assert secret not in text, f"{secret[:12]}… is in {text[:200]}"
            assert secret.encode().hex() not in text


async def _tries_again_at_once(deployment: Deployment, booking: dict[str, Any]) -> None:
    """Wait for the link, and leave out the waiting between tries."""
    hurried = "update outbox set due_at = now() where lease_id is null"
    has_link = "select conference ->> 'status' = 'ready' from bookings where id = $1"

    async def is_ready() -> bool:
        await deployment.store.pool.execute(hurried)
        return bool(await deployment.store.pool.fetchval(has_link, booking["id"]))

    await deployment.until(is_ready)


async def _signs_up(deployment: Deployment, browser: httpx.AsyncClient) -> ApiHost:
    form = {"email": "anna@hosts.example", "name": "Anna Höst", "handle": "anna", "timezone": "UTC"}
    await _sends(browser, "/signup", "/signup", {**form, "password": PASSWORD})
    host_id = await deployment.store.pool.fetchval("select id from hosts")
    await deployment.owes_nothing()
    [link] = _LINK.findall(deployment.mailbox.to(form["email"])[-1].text)
    await _sends(browser, f"/confirm-email/{link}", f"/confirm-email/{link}", {})
    token = await an_api_token(deployment.store.begin, HostId(host_id), datetime.now(UTC))
    return ApiHost(host_id, "anna", token)


async def _connects(browser: httpx.AsyncClient) -> None:
    to_zoom = await _sends(browser, "/settings/providers", "/settings/providers/zoom/connect", {})
    there = urlsplit(to_zoom)
    form = dict(parse_qsl(there.query)) | {"account": ANNA.id, "decision": "allow"}
    form |= {"scope user:read:user": "on", "scope meeting:write:meeting": "on"}
    async with httpx.AsyncClient(trust_env=False) as at_zoom:
        back = (await at_zoom.post(there._replace(query="").geturl(), data=form)).headers["location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    answer = await browser.get("/integrations/zoom/callback", params=query)
    assert answer.headers["location"].endswith("zoom=connected")


async def _is_lied_to(deployment: Deployment, browser: httpx.AsyncClient) -> None:
    body = b'{"event":"app_deauthorized","payload":{}}'
    forged = {**signed(body, "guessed", datetime.now(UTC)), "x-zm-signature": "v0=the-forged-signature"}
    malformed = signed(body, deployment.sandbox.secret_token, datetime.now(UTC))
    assert [401, 400] == [
        (await browser.post(NOTICES, content=body, headers=headers)).status_code for headers in (forged, malformed)
    ]


async def _sends(browser: httpx.AsyncClient, page: str, action: str, fields: dict[str, str]) -> str:
    """Send a form of a page; returns where it leads."""
    form = await browser.get(page)
    assert f'action="{action}"' in form.text, form.text
    answer = await browser.post(action, data=fields)
    assert httpx.codes.SEE_OTHER == answer.status_code, answer.text
    return answer.headers["location"]


async def _dump(deployment: Deployment) -> str:
    """Every row of every table as text; bytes in it are hexadecimal."""
    pool = deployment.store.pool
    tables = [row["relname"] for row in await pool.fetch(_TABLES)]
    rows = [row[0] for table in tables for row in await pool.fetch(f"select t::text from {table} as t")]
    return "\n".join(rows)
