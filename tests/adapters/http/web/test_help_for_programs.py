"""Help as programs read it: the same words as on the pages, with links that lead here from anywhere."""

import re
from itertools import chain

import pytest

from adapters.http.mcp.tools import TOOLS
from adapters.http.web.help.help_pages import HELP_PAGES
from tests.support.serving import PUBLIC_URL, Server
from tests.support.visiting import Visitor

PATHS = [each.path for each in HELP_PAGES]


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_of_help_is_there_as_markdown_with_the_same_headings(server: Server, path: str) -> None:
    page = await Visitor(server).opens(path)
    answer = await server.client().get(f"{path}.md")

    assert "text/markdown; charset=utf-8" == answer.headers["content-type"]
    headings = re.findall(r"<h[123][^>]*>(.*?)</h[123]>", page.html)
    assert headings == [line.lstrip("# ") for line in answer.text.splitlines() if re.match("#{1,3} ", line)]
    assert "](/" not in answer.text
    assert "<" not in re.sub(r"```.*?```", "", answer.text, flags=re.DOTALL)


def test_no_page_of_help_is_made_in_another_way(server: Server) -> None:
    served = {route.path for route in server.litestar.routes if route.path.startswith("/help")}

    assert served == set(chain.from_iterable((path, f"{path}.md") for path in PATHS))


async def test_it_is_in_the_readers_language(server: Server) -> None:
    answer = await server.client().get("/help/zoom.md", headers={"Accept-Language": "de"})

    assert answer.text.startswith("# Hilfe zu Zoom\n")


async def test_llms_txt_leads_to_all_of_it(server: Server) -> None:
    answer = await server.client().get("/llms.txt", headers={"Accept-Language": "de"})

    assert answer.text.startswith("# TimeTuna\n\n> ")
    assert [f"{PUBLIC_URL}{path}.md" for path in PATHS] == re.findall(r"\((\S+?\.md)\): \w", answer.text)
    assert "[Help with Zoom]" in answer.text
    assert f"{PUBLIC_URL}/api/openapi.json" in answer.text


async def test_the_help_with_assistants_names_every_tool(server: Server) -> None:
    page = await Visitor(server).opens("/help/ai")

    assert set(TOOLS) <= set(re.findall(r"<code>(\w+)</code>", page.html))
    assert f"{PUBLIC_URL}/mcp" in page.text
