"""Access of a handler to the application and the settings of its request."""

from typing import cast

from litestar.datastructures import State

from adapters.http.connection import HttpConnection
from adapters.http.framed_pages import FramedPages
from adapters.http.settings import HttpSettings
from application.app import App


def app_state(app: App, settings: HttpSettings) -> State:
    """The state of the Litestar application."""
    return State({"app": app, "settings": settings, "framed_pages": FramedPages()})


def app_of(connection: HttpConnection) -> App:
    return cast("App", connection.app.state["app"])


def settings_of(connection: HttpConnection) -> HttpSettings:
    return cast("HttpSettings", connection.app.state["settings"])


def framed_pages_of(connection: HttpConnection) -> FramedPages:
    return cast("FramedPages", connection.app.state["framed_pages"])
