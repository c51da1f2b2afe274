"""Failures of a call to a provider: every adapter's failures are one of these."""

from datetime import datetime

from domain.connection import ProviderAccount
from domain.provider_problem import ProviderProblem


class ProviderError(Exception):
    """A call to a provider failed, for the reason that `problem` states.

    Attributes:
        left_behind: the request may have arrived, so a meeting may exist that nobody knows of.
    """

    def __init__(self, problem: ProviderProblem, *, left_behind: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.left_behind = left_behind


class NotConnected(ProviderError):
    """The grant is dead or too narrow; the host has to connect again."""


class NotPermitted(ProviderError):
    """The account may not do this, until its administrator or its plan changes; `account` is whose, where known."""

    def __init__(
        self, problem: ProviderProblem, *, account: ProviderAccount | None = None, left_behind: bool = False
    ) -> None:
        super().__init__(problem, left_behind=left_behind)
        self.account = account


class NeedsAdmin(NotPermitted):
    """An administrator of the user's organisation has to allow the app first."""


class PersonalAccount(NotPermitted):
    """The account belongs to no organisation, and the provider makes meetings for members of one only."""


class AccessTokenExpired(ProviderError):
    """The access token isn't accepted; a refresh decides whether the grant still lives."""


class TryLater(ProviderError):
    """Busy, broken, slow or unintelligible for now; `at` is the provider's own wish, if it told one."""

    def __init__(self, problem: ProviderProblem, *, at: datetime | None = None, left_behind: bool = False) -> None:
        super().__init__(problem, left_behind=left_behind)
        self.at = at


class OurFault(ProviderError):
    """A bug or a wrong setting on our side: alarm the operator, keep the host's credentials."""


class AuthorizationRefused(ProviderError):
    """The code was refused (used, expired, made for somebody else); connecting starts again."""
