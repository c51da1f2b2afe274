"""Addresses that are good for whoever has them: a guest's own page, and links from mails."""

import re

CAPABILITIES = ("/b/", "/leave/", "/reset/", "/confirm-email/", "/unsubscribe/", "/support/desk/", "/support/")
"""How the paths of such addresses begin; a secret follows."""

_SECRET = re.compile(rf"({'|'.join(map(re.escape, CAPABILITIES))}|[?&]link=)[\w-]{{16,}}")
"""Single-use links are parameters of a page that everybody may read."""


def masked(text: str) -> str:
    """The text with an ellipsis for each such secret, for whoever is to read about a page and not to use it."""
    return _SECRET.sub(r"\1…", text)
