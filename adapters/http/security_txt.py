"""The address for reports of a weakness: `/.well-known/security.txt` (RFC 9116)."""

from datetime import timedelta

from litestar import Response, get
from litestar.di import NamedDependency

from adapters.http.settings import HttpSettings
from application.app import App
from domain.errors import NotFound

PATH = "/.well-known/security.txt"

GOOD_FOR = timedelta(days=180)
"""RFC 9116, section 2.5.5, recommends less than a year."""


@get(PATH, media_type="text/plain", include_in_schema=False, sync_to_thread=False)
def security_txt(app: NamedDependency[App], settings: NamedDependency[HttpSettings]) -> Response[str]:
    """Raises NotFound where nobody is named."""
    if settings.security_contact is None:
        raise NotFound("address")
    fields = [
        ("Contact", settings.security_contact),
        ("Expires", f"{app.now() + GOOD_FOR:%Y-%m-%dT00:00:00Z}"),
        ("Canonical", settings.public_url + PATH),
        ("Preferred-Languages", ", ".join(each.tag for each in settings.languages.all)),
    ]
    if settings.security_policy_url is not None:
        fields.append(("Policy", settings.security_policy_url))
    return Response("".join(f"{name}: {value}\n" for name, value in fields), media_type="text/plain")
