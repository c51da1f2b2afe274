"""Checks the origin of forms that carry no CSRF cookie.

Booking acts for nobody who is signed in: another site could book as well without its visitor's browser. So the booking
form needs no token, and guests who block cookies can book. What another site sends all the same is shown to
the guest first, filled in as it came.
"""

from urllib.parse import urlsplit

from adapters.http.request_context import Connection, settings_of


def is_from_elsewhere(request: Connection) -> bool:
    """Whether the browser says that another site sent this; one that says nothing is believed."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    # Over plain http browsers leave it out; "null" is what some tell to protect their user.
    origin = request.headers.get("origin", "null")
    ours = {request.headers.get("host"), urlsplit(settings_of(request).public_url).netloc}
    return origin != "null" and origin.rpartition("//")[2] not in ours
