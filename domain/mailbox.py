"""The rule for email addresses that reach one mailbox."""

_DOTS_DONT_COUNT = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
"""Domains whose mailboxes ignore dots, and the name that each mailbox goes by. Source: Gmail Help, answer 7436150."""


def mailbox_of(address: str) -> str:
    """Return one spelling for all addresses that are known to reach the same mailbox; nothing is mailed to it.

    Case is ignored, and so is everything behind a plus sign (sub-addressing, RFC 5233). A server that takes either
    literally has two mailboxes share one budget and one place on the suppression list, which costs them little. Whoever
    wrote to a victim's variants would otherwise have a budget for each.
    """
    local, _, domain = address.lower().rpartition("@")
    # A plus sign at the front leaves nothing to go by.
    local = local[:1] + local[1:].partition("+")[0]
    if domain in _DOTS_DONT_COUNT:
        return f"{local.replace('.', '')}@{_DOTS_DONT_COUNT[domain]}"
    return f"{local}@{domain}"
