"""Authentication at a CalDAV server with a user name and a password."""

from collections.abc import Generator
from http import HTTPStatus

import httpx


class PasswordAuth(httpx.Auth):
    """Basic or Digest, and one try with a password that isn't taken: servers lock out who guesses.

    Over https, Basic goes along at once: some servers answer strangers differently instead of asking. Over http, which
    only networks have that the operator allows, nothing goes along until the server has asked, so that for one that
    takes Digest the password never travels.
    """

    def __init__(self, username: str, password: str) -> None:
        self._basic = httpx.BasicAuth(username, password)
        self._digest = httpx.DigestAuth(username, password)
        self._asked_for_basic = False
        self._asked_for_digest = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Yield each request to send, and take its response.

        Raises:
            httpx.ProtocolError: the server asks in a way that can't be answered.
        """
        if self._asked_for_digest:
            # Again with each stale nonce.
            yield from self._digest.auth_flow(request)
            return
        sends_basic = self._asked_for_basic or request.url.scheme == "https"
        if sends_basic:
            next(self._basic.auth_flow(request))
        response = yield request
        if response.status_code != HTTPStatus.UNAUTHORIZED:
            return
        asked_for = _schemes(response)
        if "digest" in asked_for and not (sends_basic and "basic" in asked_for):
            self._asked_for_digest = True
            yield self._answered(request, response)
        elif not sends_basic:
            self._asked_for_basic = True
            next(self._basic.auth_flow(request))
            yield request

    def _answered(self, request: httpx.Request, response: httpx.Response) -> httpx.Request:
        """The request with the answer to the challenge in its response."""
        flow = self._digest.auth_flow(request)
        next(flow)
        try:
            return flow.send(response)
        # What httpx makes of an unknown algorithm, a broken header, auth-int, and no challenge behind the scheme.
        except (KeyError, ValueError, NotImplementedError, StopIteration) as error:
            message = "The server asks for a password in a way that isn't known."
            raise httpx.RemoteProtocolError(message, request=request) from error


def _schemes(response: httpx.Response) -> frozenset[str]:
    """What the server takes; one that doesn't say takes Basic."""
    offered = response.headers.get_list("www-authenticate")
    return frozenset(each.split(" ", 1)[0].lower() for each in offered) or frozenset({"basic"})
