"""The rule for addresses that become something to click on."""

import re

URL_CHARACTERS = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
"""Those of RFC 3986, so that nothing has to be escaped in a mail, a page or a calendar."""

_LINK = re.compile(rf"https?://{URL_CHARACTERS}{{1,2000}}", re.ASCII | re.IGNORECASE)


def is_link(url: str) -> bool:
    """Whether an address may become something to click on."""
    return _LINK.fullmatch(url) is not None
