"""Which browsers are told apart by what they send."""

import pytest

from adapters.http.origins import browser_of

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Mobile/15E148 Safari/604.1"
)
SAFARI_ON_MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1"
)
OPERA = f"{CHROME} OPR/124.0.0.0"
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 "
    "Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (EDGE, ("Edge", "Windows")),
        (CHROME, ("Chrome", "Android")),
        (FIREFOX, ("Firefox", "Linux")),
        (SAFARI, ("Safari", "iPhone")),
        (SAFARI_ON_MAC, ("Safari", "macOS")),
        (OPERA, ("Opera", "Android")),
        (SAMSUNG, ("Samsung Internet", "Android")),
        ("curl/8.14.1", ("", "")),
        ("", ("", "")),
        ("Call +49 30 1234 now: your account is locked", ("", "")),
    ],
)
def test_a_browser_and_its_system_are_named_out_of_those_known_here(user_agent: str, expected: tuple[str, str]) -> None:
    assert expected == browser_of(user_agent)
