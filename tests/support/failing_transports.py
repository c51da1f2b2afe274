"""Failing transports."""

from collections.abc import Coroutine
from typing import Any

import pytest

from application.ports.provider import ProviderError

Expected = tuple[type[ProviderError], bool]
"""What a call fails with, and whether it may have left something behind."""


async def failed(call: Coroutine[Any, Any, object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await call
    return caught.value
