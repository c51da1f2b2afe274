"""Which addresses become something to click on."""

import re

_LINK = re.compile(r"https?://[\x21-\x7e]{1,2000}")


def is_link(url: str) -> bool:
    """Whether an address may become something to click on."""
    return _LINK.fullmatch(url) is not None
