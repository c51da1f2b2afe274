"""Settings of the web process about its surroundings."""

import msgspec

from adapters.presentation.language import ENGLISH_ALONE, Languages


class HttpSettings(msgspec.Struct, frozen=True):
    """Settings of the HTTP adapter.

    Attributes:
        public_url: what every link begins with, without a slash at the end.
        signing_secret: signs what a page hands to the next one; the same in every web process.
        trusted_proxies: addresses or networks whose `X-Forwarded-For` counts.
        languages: that pages can be made in.
        metrics_token: opens `/metrics`; None: only this machine reads them.
        security_contact: where weaknesses are reported, as a URI; `security_policy_url` says how they are dealt with.
        imprint_url, privacy_url: what every page links at its foot.
        provider_origins: where connecting an account sends the browser, such as `https://zoom.us`.
    """

    public_url: str
    signing_secret: bytes
    trusted_proxies: tuple[str, ...] = ()
    metrics_token: str | None = None
    security_contact: str | None = None
    security_policy_url: str | None = None
    imprint_url: str | None = None
    privacy_url: str | None = None
    version: str = ""
    provider_origins: tuple[str, ...] = ()
    languages: Languages = ENGLISH_ALONE

    def __repr__(self) -> str:
        return f"HttpSettings(public_url={self.public_url!r}, …)"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    def problem_type(self, name: str) -> str:
        """The absolute `type` of an RFC 9457 problem; the page there explains it."""
        return f"{self.public_url}/problems/{name}"
