"""Pages that explain the problem types."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from adapters.http.problems import STATUS
from adapters.http.settings import HttpSettings
from adapters.http.web.templating import shown
from adapters.presentation.sentences.problems import problem_text, problem_title
from domain.errors import NotFound


@get("/problems/{name:str}", sync_to_thread=False, include_in_schema=False)
def problem_page(name: FromPath[str], settings: NamedDependency[HttpSettings]) -> Template:
    if name not in STATUS:
        raise NotFound("problem")
    return shown(
        "problem.html",
        name=name,
        title=problem_title(name),
        text=problem_text(name),
        status=STATUS[name],
        type=settings.problem_type(name),
    )
