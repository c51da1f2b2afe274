"""Every page of help, and the one that leads to them."""

from adapters.http.settings import HttpSettings
from adapters.http.web.help.help_page import Context, HelpPage
from adapters.http.web.help.provider_help import PROVIDER_HELP
from adapters.http.web.settings.token_form import scope_choices
from adapters.http.web.settings.webhook_words import event_choices
from adapters.http.web.webhook_snippets import snippets
from adapters.presentation.caldav_services import caldav_services
from adapters.presentation.providers import words_of
from domain.provider import PROVIDERS


def _index(_settings: HttpSettings) -> Context:
    return {"providers": [words_of(each) for each in PROVIDERS]}


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
    HelpPage("/help", "help/index.html", _index),
    *PROVIDER_HELP,
    HelpPage("/help/calendars", "help/calendars.html", _calendars),
    HelpPage("/help/webhooks", "help/webhooks.html", _webhooks),
    HelpPage("/help/api", "help/api.html", _api),
    HelpPage("/help/embed", "help/embed.html", _embedding),
    HelpPage("/help/ai", "help/ai.html", _assistants),
    HelpPage("/help/passkeys", "help/passkeys.html"),
)
