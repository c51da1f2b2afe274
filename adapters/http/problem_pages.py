"""Pages that explain the problem types."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from adapters.http.problems import PROBLEMS
from adapters.http.settings import HttpSettings
from adapters.presentation.language import gettext as _
from domain.errors import NotFound


@get("/problems/{name:str}", sync_to_thread=False, include_in_schema=False)
def problem_page(name: FromPath[str], settings: NamedDependency[HttpSettings]) -> Template:
    kind = PROBLEMS.get(name)
    if kind is None:
        raise NotFound("There is no problem with this name.")
    context = {
        "name": name,
        "title": _(kind.title),
        "text": _(kind.text),
        "status": kind.status,
        "type": settings.problem_type(name),
    }
    return Template("problem.html", context=context)
