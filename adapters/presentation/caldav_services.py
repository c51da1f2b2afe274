"""CalDAV services that many people use: where they are, and where each makes app passwords."""

import msgspec

from adapters.presentation.language import gettext as _


class CaldavService(msgspec.Struct, frozen=True):
    """What to enter for a service, in the reader's language.

    Attributes:
        address: of its server; empty where everybody has another.
    """

    key: str
    name: str
    address: str
    about_address: str
    about_user_name: str
    about_app_password: str


def caldav_services() -> tuple[CaldavService, ...]:
    """The last one is for all others."""
    return (
        CaldavService(
            "icloud",
            "iCloud",
            "caldav.icloud.com",
            _("The server’s name is all it takes."),
            _("The email address of your Apple Account."),
            _("Create one at account.apple.com → Sign-In and Security → App-Specific Passwords."),
        ),
        CaldavService(
            "fastmail",
            "Fastmail",
            "caldav.fastmail.com",
            _("The server’s name is all it takes."),
            _("Your Fastmail address, with the part after the @."),
            _("Create one in Settings → Privacy & Security → Manage app passwords, with access to calendars (CalDAV)."),
        ),
        CaldavService(
            "nextcloud",
            "Nextcloud",
            "",
            _("The address of your Nextcloud, such as cloud.example.com."),
            _("The name you sign in with."),
            _("Create one in Personal settings → Security → Devices & sessions → Create new app password."),
        ),
        CaldavService(
            "other",
            _("Other"),
            "",
            _("Look for CalDAV in your provider’s help. The server’s name is enough, such as caldav.example.com."),
            _("The name you sign in with, often your email address."),
            _("If your provider has app passwords, create one for TimeTuna. Otherwise use your account’s password."),
        ),
    )


def caldav_service(key: str) -> CaldavService:
    """The service of that key; the one for all others where there is none."""
    services = caldav_services()
    return next((each for each in services if each.key == key), services[-1])


def service_at(host: str) -> CaldavService:
    """The service whose server is that host."""
    services = caldav_services()
    return next((each for each in services if each.address and host == each.address), services[-1])
