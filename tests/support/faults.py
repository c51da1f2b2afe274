"""What a refused input was refused for."""

from domain.errors import InvalidInput


def fields(refusal: InvalidInput) -> list[str]:
    """The path of each fault, in order."""
    return [each.field for each in refusal.faults]
