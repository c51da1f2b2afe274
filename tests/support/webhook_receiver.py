"""A program that takes webhooks, and checks each by an independent implementation of the standard."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from standardwebhooks import Webhook as Referee

SECRET = f"whsec_{b64encode(32 * b'r').decode()}"


class WebhookReceiver:
    """An ASGI app that takes whatever is signed right.

    Attributes:
        taken: the bodies that came under each id.

    Args:
        note: called with the id of each that comes.
    """

    def __init__(self, note: Callable[[str], object] = lambda _: None) -> None:
        self._note = note
        self.taken: defaultdict[str, set[bytes]] = defaultdict(set)
        self.expects(SECRET)

    def expects(self, secret: str) -> None:
        """Take what is signed with this secret, and nothing else."""
        self._referee = Referee(secret)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, has_more = b"", True
        while has_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                # Whoever sent it was killed in between.
                return
            body += message.get("body", b"")
            has_more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self._referee.verify(body, headers)
        self.taken[headers["webhook-id"]].add(body)
        self._note(headers["webhook-id"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
