"""A server for each test."""

import pytest

from tests.adapters.http.api.serving import Server


@pytest.fixture
def server() -> Server:
    return Server()
