"""What tests of every kind may ask for. Nothing here starts before a test asks for it."""

import gc
import os
from collections.abc import AsyncGenerator, Generator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import caldav_servers
from tests.support.forks import Forks, forking
from tests.support.postgres import StoreInPostgres, database_of, forget_databases_of, store_in

# How long an example takes says how busy the machine is.
settings.register_profile("timetuna", deadline=None)
settings.load_profile("timetuna")

# Looking for garbage as often as Python does of itself took a tenth of the time.
gc.set_threshold(10_000)

HERE = Path(__file__).parent

_LONG = ("faults", "entrypoints", "browser", "security", "adapters/postgres")
"""Folders whose tests take long: processes, browsers, and all that can be sent to the site."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, lest one worker be left with it when the others have nothing more to do."""
    items.sort(key=lambda item: _place(item.path))


def pytest_collection_finish() -> None:
    """Never look for garbage again in what stays until the end."""
    gc.collect()
    gc.freeze()


@cache
def _place(module: Path) -> int:
    folders = (HERE / each for each in _LONG)
    return next((number for number, each in enumerate(folders) if module.is_relative_to(each)), len(_LONG))


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_of_demos(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    yield
    forget_databases_of(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """This worker's database: migrated, and with whatever the test before has left in it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    own_folder = tmp_path_factory.getbasetemp()
    with database_of(worker or "alone", own_folder.parent if worker else own_folder) as url:
        yield url


@pytest.fixture
async def postgres_store(database_url: str) -> AsyncGenerator[StoreInPostgres]:
    """PostgreSQL's adapters on an empty database."""
    async with store_in(database_url) as store:
        yield store


@pytest.fixture(scope="session")
def forks() -> Generator[Forks]:
    """Starts this worker's processes of TimeTuna, which have imported all that they need."""
    with forking() as forks:
        yield forks


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of this worker's Radicale, with whatever the tests before have left in it."""
    with caldav_servers.radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of this worker's Xandikos, with whatever the tests before have left in it."""
    with caldav_servers.xandikos(tmp_path_factory.mktemp("xandikos")) as url:
        yield url
