"""A server for each test."""

import pytest

from tests.http.serving import Server


@pytest.fixture
def server() -> Server:
    return Server()
