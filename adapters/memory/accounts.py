"""Authorization requests and passwords in memory."""

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256

from application.ports.accounts import AuthorizationRequest, InvalidState


class MemoryPasswords:
    """Quick, and no protection at all."""

    def queued(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def hash(self, password: str, /) -> str:
        return sha256(password.encode()).hexdigest()

    async def matches(self, password: str, password_hash: str | None, /) -> bool:
        return await self.hash(password) == password_hash


class MemoryBlocklist:
    """A few for tests to choose from."""

    def covers(self, password: str, words: Collection[str], /) -> bool:
        folded = password.casefold()
        letters = set(folded)
        made_of = any(each.casefold() in folded and len(folded) <= 2 * len(each) for each in words)
        return folded in {"password1234", "qwertyuiop12", "123456789012"} or len(letters) == 1 or made_of


class MemoryAuthorizations:
    def __init__(self) -> None:
        self._requests: dict[str, AuthorizationRequest] = {}
        self._used: set[str] = set()

    async def remember(self, request: AuthorizationRequest, /) -> None:
        self._requests[request.state] = request

    async def take(self, state: str, session: str, /) -> AuthorizationRequest | InvalidState:
        request = self._requests.get(state)
        if request is None:
            return InvalidState.UNKNOWN
        if request.session != session:
            return InvalidState.ELSEWHERE
        if state in self._used:
            return InvalidState.USED
        self._used.add(state)
        return request
