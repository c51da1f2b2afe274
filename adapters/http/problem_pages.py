"""What does a problem's `type` lead to? A page that explains it."""

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from adapters.http.problems import PROBLEMS
from domain.errors import NotFound


@get("/problems/{name:str}", sync_to_thread=False, include_in_schema=False)
def problem_page(name: FromPath[str]) -> Template:
    kind = PROBLEMS.get(name)
    if kind is None:
        raise NotFound("There is no problem with this name.")
    return Template("problem.html", context={"name": name, "title": kind.title, "text": kind.text})
