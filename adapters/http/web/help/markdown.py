"""Pages of help as Markdown, made from what their templates render, so that the two never differ."""

from functools import lru_cache

_OPENS, _ENDS = '<main id="main"', "</main>"
_ONLY_ON_THE_PAGE = ("nav", "button", "svg")


def markdown_of(page: str, public_url: str) -> str:
    """The middle of a page; its links lead to the site from wherever they are read."""
    middle = page[page.index(_OPENS) : page.index(_ENDS)]
    return _converted(middle.replace('href="/', f'href="{public_url}/'))


@lru_cache(64)
def _converted(html: str) -> str:
    # Few ask for it, and it takes parsers that nothing else needs.
    from bs4 import BeautifulSoup  # noqa: PLC0415
    from markdownify import ATX, MarkdownConverter  # noqa: PLC0415

    soup = BeautifulSoup(html, "html.parser")
    for each in soup(_ONLY_ON_THE_PAGE):
        each.decompose()
    converter = MarkdownConverter(heading_style=ATX, bullets="-", escape_underscores=False, escape_asterisks=False)
    return f"{converter.convert_soup(soup).strip()}\n"
