"""Which hosts are one site."""

import pytest

from adapters.http_client.sites import same_site


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caldav.icloud.com", "p34-caldav.icloud.com"),
        ("example.co.uk", "dav.example.co.uk"),
        ("Example.COM.", "example.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("nextcloud.internal", "nextcloud.internal"),
    ],
)
def test_a_domain_that_is_registered_as_a_whole_is_one_site(one: str, other: str) -> None:
    assert same_site(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("icloud.com", "icloud.com.evil.example"),
        ("icloud.com", "evilicloud.com"),
        ("anna.co.uk", "evil.co.uk"),
        ("anna.github.io", "evil.github.io"),
        ("10.0.0.5", "11.0.0.5"),
        ("::1", "::2"),
        ("localhost", "other"),
    ],
)
def test_hosts_that_anybody_can_have_are_sites_of_their_own(one: str, other: str) -> None:
    assert not same_site(one, other)
