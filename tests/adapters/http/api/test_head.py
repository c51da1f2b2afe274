"""HEAD answers what GET would, without its body."""

from typing import cast

import httpx
import pytest

from adapters.http.head import answers_head
from adapters.sandbox.asgi import AsgiApp
from adapters.sandbox.serve import serving
from tests.support.serving import Server


@pytest.mark.parametrize("path", ["/", "/healthz", "/signin", "/api/openapi.json", "/nowhere"])
async def test_head_has_the_status_and_the_headers_of_get_and_no_body(path: str) -> None:
    app = cast("AsgiApp", answers_head(Server().litestar))
    async with serving(app) as url, httpx.AsyncClient(base_url=url, verify=False) as client:
        got, told = await client.get(path), await client.head(path)

    assert got.status_code == told.status_code
    assert got.headers["content-type"] == told.headers["content-type"]
    assert b"" == told.content
