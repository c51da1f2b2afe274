"""A host's way to Zoom and back, in a browser."""

from domain.provider import Provider
from tests.support.visiting import Visitor

ROW = "/settings/providers"


async def sets_out(visitor: Visitor) -> str:
    """Click Connect Zoom; returns the address at Zoom."""
    await visitor.sends(f"{ROW}/zoom/connect", page=ROW)
    return visitor.location


async def comes_back(visitor: Visitor, provider: Provider = "zoom", **query: str) -> Visitor:
    visitor.answer = await visitor.client.get(f"/integrations/{provider}/callback", params=query)
    return await visitor.follows()
