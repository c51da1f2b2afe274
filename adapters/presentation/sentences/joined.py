"""Several sentences after one another."""


def joined(*sentences: str | None) -> str:
    """The sentences that there are, with a space in between."""
    return " ".join(each for each in sentences if each)
