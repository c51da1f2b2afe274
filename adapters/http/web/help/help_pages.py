"""Every page of help."""

from adapters.http.settings import HttpSettings
from adapters.http.web.help.help_page import Context, HelpPage
from adapters.http.web.help.provider_help import PROVIDER_HELP
from adapters.http.web.settings.token_form import scope_choices
from adapters.http.web.settings.webhook_words import event_choices
from adapters.http.web.webhook_snippets import snippets
from adapters.presentation.caldav_services import caldav_services


def _calendars(_settings: HttpSettings) -> Context:
    return {"services": caldav_services()}


def _webhooks(_settings: HttpSettings) -> Context:
    return {"snippets": snippets(), "events": event_choices()}


def _api(settings: HttpSettings) -> Context:
    return {"site": settings.public_url, "scopes": scope_choices()}


def _assistants(settings: HttpSettings) -> Context:
    return {"mcp_url": f"{settings.public_url}/mcp"}


def _embedding(settings: HttpSettings) -> Context:
    return {"site": settings.public_url}


HELP_PAGES = (
    *PROVIDER_HELP,
    HelpPage("calendars", "help/calendars.html", _calendars),
    HelpPage("webhooks", "help/webhooks.html", _webhooks),
    HelpPage("api", "help/api.html", _api),
    HelpPage("embed", "help/embed.html", _embedding),
    HelpPage("ai", "help/ai.html", _assistants),
    HelpPage("passkeys", "help/passkeys.html"),
)
