"""Every contract test runs on each store."""

import pytest

from adapters.memory.store import MemoryStore
from domain.booking_page import BookingPage
from domain.host import Host
from tests.support.builders import a_host, a_page
from tests.support.store import Store, keep


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    # Asked for only now, so that tests on memory start no server.
    return request.getfixturevalue("postgres_store")


@pytest.fixture
async def host(store: Store) -> Host:
    """A host whom the store knows."""
    host = a_host()
    await keep(store, host)
    return host


@pytest.fixture
async def page(store: Store, host: Host) -> BookingPage:
    """A page of that host."""
    page = a_page(host)
    await keep(store, page)
    return page
