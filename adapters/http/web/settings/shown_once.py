"""Shows a new secret once, on a page that is safe to reload.

By a cookie that the page takes away again. It is signed for its host, so that a planted one shows nobody a stranger's
secret to work with.
"""

from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

import msgspec
from litestar.datastructures import Cookie

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from domain.host import Host

_KEPT_FOR = timedelta(seconds=60)


class ShownOnce(msgspec.Struct, frozen=True):
    """A kind of secret.

    Attributes:
        cookie: its name.
        path: below which it is shown.
    """

    cookie: str
    path: str

    def kept(self, settings: HttpSettings, host: Host, secret: str, about: str = "") -> Cookie:
        """The cookie that brings a secret, which is `about` one of several things, to its page."""
        # Secrets in base64 have characters that not every cookie may have.
        value = f"{secret.encode().hex()}.{self._signature(settings, host, secret, about)}"
        return self._cookie(settings, value, int(_KEPT_FOR.total_seconds()))

    def forgotten(self, settings: HttpSettings) -> Cookie:
        return self._cookie(settings, "", 0)

    def brought(self, request: Visit, settings: HttpSettings, host: Host, about: str = "") -> str | None:
        """The secret that this host has just made in this browser."""
        text, _, signature = request.cookies.get(self.cookie, "").rpartition(".")
        try:
            secret = bytes.fromhex(text).decode()
        except ValueError:
            return None
        known = compare_digest(self._signature(settings, host, secret, about).encode(), signature.encode())
        return secret if secret and known else None

    def _signature(self, settings: HttpSettings, host: Host, secret: str, about: str) -> str:
        text = f"{self.cookie}:{about}:{host.id}:{secret}"
        return hmac(settings.signing_secret, text.encode(), sha256).hexdigest()

    def _cookie(self, settings: HttpSettings, value: str, max_age: int) -> Cookie:
        return Cookie(
            key=self.cookie,
            value=value,
            max_age=max_age,
            path=self.path,
            secure=settings.https,
            httponly=True,
            samesite="lax",
        )


NEW_TOKEN = ShownOnce("timetuna_new_token", "/settings/api-tokens")
NEW_WEBHOOK_SECRET = ShownOnce("timetuna_webhook_secret", "/settings/webhooks")
