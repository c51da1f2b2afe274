"""What a page weighs on its way."""

import gzip
import re

import httpx

# Browsers that know the vector icon leave the other two.
_LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]* (?:href|src)="([^"]+(?<!\.ico))"')
_IMPORTED = re.compile(r'^import .* from "\./([^"]+)";', re.MULTILINE)


async def travelled(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """How many bytes an answer has on the wire, and what it says."""
    async with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert 200 == answer.status_code, path
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        compressed = answer.headers.get("content-encoding") == "gzip"
    return len(raw), (gzip.decompress(raw) if compressed else raw).decode()


async def weight_of(client: httpx.AsyncClient, path: str) -> int:
    total, html = await travelled(client, path)
    waiting, seen = _LOADED.findall(html), set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith("/"):
            continue
        seen.add(address)
        weight, text = await travelled(client, address)
        total += weight
        waiting += [f"{address.rpartition('/')[0]}/{name}" for name in _IMPORTED.findall(text)]
    assert seen, path
    return total
