"""A request, or whatever else comes in by a connection, as far as its headers, cookies and path are asked for."""

from typing import Any

from litestar.connection import ASGIConnection

HttpConnection = ASGIConnection[Any, Any, Any, Any]
