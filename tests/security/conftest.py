"""A server for each test."""

import pytest

from tests.support.serving import Server


@pytest.fixture
def server() -> Server:
    return Server()
