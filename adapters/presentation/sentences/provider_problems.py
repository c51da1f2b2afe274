"""A provider's problem in a sentence for the host, who can act on it."""

from adapters.presentation.language import said
from application import provider_problems
from domain.provider_problem import ProviderProblem


def for_host(problem: ProviderProblem) -> str:
    """What happened and what to do next."""
    return said(provider_problems.for_host(problem))
