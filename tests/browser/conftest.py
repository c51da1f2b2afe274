"""A site and a browser for each test; a page whose scripts complain fails it."""

from collections.abc import AsyncGenerator

import pytest

from tests.browser.site import Site, open_site


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    async with open_site() as site:
        yield site
    assert [] == site.complaints
