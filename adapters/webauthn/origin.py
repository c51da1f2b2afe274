"""The origin that passkeys are good for."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def passkeys_origin(public_url: str) -> str | None:
    """The origin that browsers make passkeys for; None where they make none: without https, or without a domain."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host != "localhost":
        return None
    try:
        ip_address(host)
    except ValueError:
        return f"{parts.scheme}://{parts.netloc}"
    return None
