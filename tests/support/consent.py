"""Consents on a sandbox's page as a host does."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from adapters.sandbox.registration import AnyAccount


async def consent(authorize_url: str, account: AnyAccount, scopes: frozenset[str]) -> str:
    """Click "Allow" on the page that the address leads to; returns the code that comes back."""
    there = urlsplit(authorize_url)
    form = dict(parse_qsl(there.query)) | {f"scope {scope}": "on" for scope in scopes}
    form |= {"account": account.id, "decision": "allow"}
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert httpx.codes.OK == (await browser.get(authorize_url)).status_code
        answer = await browser.post(there._replace(query="").geturl(), data=form)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
