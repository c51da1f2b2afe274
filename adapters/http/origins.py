"""The origin of a request: its network, and the browser by the names that it gives itself."""

from functools import lru_cache

from adapters.http.clients import client_network
from adapters.http.connection import HttpConnection
from domain.origin import Origin

_LONGEST_HEADER = 500

# Each names those after it as well, such as Edge, which says Chrome and Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)

_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def origin_of(connection: HttpConnection) -> Origin:
    browser, system = browser_of(connection.headers.get("user-agent", "")[:_LONGEST_HEADER])
    return Origin(client_network(connection), browser, system)


@lru_cache(1024)
def browser_of(user_agent: str) -> tuple[str, str]:
    """A browser and its system, out of the names known here: nothing that a caller made up is kept or shown."""
    return _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
