"""How Microsoft refuses."""

import msgspec

HTML = b"<html><body>Service Temporarily Unavailable</body></html>"


def says(code: str, inner: str | None = None, message: str = "m") -> bytes:
    deeper = {"date": "2026-11-22T14:30:00", "request-id": "r"} | ({} if inner is None else {"code": inner})
    return msgspec.json.encode({"error": {"code": code, "message": message, "innerError": deeper}})
