"""How a handler reaches the application and the settings from its request."""

from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import State

from adapters.http.settings import HttpSettings
from application.app import App

HttpConnection = ASGIConnection[Any, Any, Any, Any]


def app_state(app: App, settings: HttpSettings) -> State:
    """The state of the Litestar application."""
    return State({"app": app, "settings": settings})


def app_of(connection: HttpConnection) -> App:
    return cast("App", connection.app.state["app"])


def settings_of(connection: HttpConnection) -> HttpSettings:
    return cast("HttpSettings", connection.app.state["settings"])
