"""What a use case says that it raises, the calls that run it describe."""

import inspect
import re
from collections.abc import Iterator
from operator import attrgetter

import pytest
from litestar.handlers import HTTPRouteHandler

from adapters.http.api.routes import FOR_HOSTS, PUBLIC
from domain import errors
from tests.support.keeping import DESCRIBED
from tests.support.memory_app import MemoryApp

CODES: dict[str, str] = {name: each.code for name, each in vars(errors).items() if hasattr(each, "code")}

API = "adapters.http.api."

APP = MemoryApp().app


@pytest.mark.parametrize("handler", [*PUBLIC, *FOR_HOSTS], ids=lambda handler: handler.opt["call"].id)
def test_a_call_describes_what_its_use_cases_raise(handler: HTTPRouteHandler) -> None:
    raised = {code for use_case in run_by(handler) for code in said_to_raise(use_case)}
    # A guest's token may do all that a guest can do; and whose account is gone has no token any more.
    never = {"forbidden"} if handler in PUBLIC else set[str]() if "{" in "".join(handler.paths) else {"not-found"}

    assert raised - never <= DESCRIBED[handler.opt["call"].id]


def run_by(handler: HTTPRouteHandler) -> Iterator[object]:
    """The use cases that a handler names, or a function of the API's that it calls."""
    source = inspect.getsource(handler.fn)
    beside = vars(inspect.getmodule(handler.fn))
    called = (beside.get(name) for name in re.findall(r"\b(\w+)\(", source))
    ours = [each for each in called if inspect.isfunction(each) and each.__module__.startswith(API)]
    whole = "\n".join([source, *map(inspect.getsource, ours)])
    paths = set(re.findall(r"\bapp(?:_of\(request\))?\.(\w+(?:\.\w+)?)", whole))
    assert paths
    for path in paths:
        found = attrgetter(path)(APP)
        yield found if inspect.ismethod(found) else type(found).__call__


def said_to_raise(use_case: object) -> set[str]:
    _, _, raises = (inspect.getdoc(use_case) or "").partition("Raises")
    return {CODES[name] for name in re.findall(r"\w+", raises) if name in CODES}
