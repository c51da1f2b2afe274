"""The templates of pages, and what they may call."""

from collections.abc import Hashable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, MediaType, Request
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.response.base import ASGIResponse
from litestar.template import TemplateConfig
from markupsafe import Markup

from adapters.http.web import booking_words
from adapters.http.web.brand import brand_style
from adapters.http.web.icons import icon
from adapters.http.web.provider_status import doubt_words, limit_words
from adapters.http.web.query import with_query
from adapters.http.web.text_limits import TEXT_LIMITS
from adapters.http.web.themes import themed
from adapters.http.web.zones import zone_options
from adapters.http.web_page import WebPage
from adapters.presentation import times
from adapters.presentation.language import Language, gettext, isolated, ngettext, spoken
from adapters.presentation.mail_addresses import mailto
from adapters.presentation.phone_numbers import international, tel
from adapters.presentation.providers import PROVIDER_NAMES
from adapters.presentation.sentences.fallbacks import booked_instead
from adapters.presentation.sentences.meeting_types import fell_back_from, label, switch_to
from adapters.presentation.sentences.meetings import join_words, join_words_with, meeting_id_words
from adapters.presentation.sentences.obstacles import obstacle_words
from adapters.presentation.sentences.provider_problems import for_host
from adapters.presentation.zone_names import city_of, zone_name
from domain.host import HANDLE_KEPT_FOR
from domain.meeting_type import name_of

HERE = Path(__file__).parent
STATIC = HERE / "static"

_PAGES_KEPT = 256
"""Of some 30 kB each."""


class KeptPage(WebPage):
    """A page that many look at before anything in it changes: made once for all of them.

    What it shows is its context, of hashable values, and the reader's language; nothing else tells it from another. The
    query of its address isn't among it: whoever sends links adds marks of their own for everybody who gets one.
    """

    def __init__(self, template: str, context: dict[str, Hashable]) -> None:
        super().__init__(template, context=context, media_type=MediaType.HTML)

    def create_template_context(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        context = super().create_template_context(request)
        return {**context, "layout": msgspec.structs.replace(context["layout"], query="")}

    def to_asgi_response(self, app: Litestar | None, request: Request[Any, Any, Any], **options: Any) -> ASGIResponse:
        context = self.create_template_context(request)
        self.content = _made(str(self.template_name), tuple(context.items()), spoken())
        # As an answer whose content is there already.
        answer: Any = super(Template, self)
        return cast("ASGIResponse", answer.to_asgi_response(app, request, **options))


@lru_cache(_PAGES_KEPT)
def _made(template: str, context: tuple[tuple[str, Hashable], ...], _: Language) -> bytes:
    return rendered(template, **dict(context)).encode()


def shown(template: str, status_code: int = 200, /, **context: Any) -> Template:
    return WebPage(template, context=context, status_code=status_code)


def rendered(template: str, /, **context: Any) -> str:
    """A fragment as text."""
    return _ENVIRONMENT.get_template(template).render(context)


def asset(name: str) -> str:
    """The address of a static file."""
    return f"{STATIC_PATH}/{name}"


def _fingerprint() -> str:
    files = sorted(path for path in STATIC.iterdir() if path.is_file())
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


STATIC_PATH = f"/static/{_fingerprint()}"
"""Another one for every content, so that browsers may keep the files forever; scripts import one another in it."""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Their parameters are named in the call, also by `trans` blocks.
    cast("Any", environment).newstyle_gettext = True
    # Jinja's own types allow only what is in there by default. Filters of a literal are applied once, while a template
    # is compiled: those that depend on the reader's language take none.
    cast("dict[str, object]", environment.filters).update(
        asset=asset,
        icon=icon,
        instant=times.instant,
        clock=times.clock,
        wall_clock=times.wall_clock,
        twin_offset=times.twin_offset,
        day=times.day,
        short_day=times.short_day,
        day_there=times.day_there,
        date_there=times.date_there,
        month=times.month,
        starts=times.starts,
        to_the_second=times.to_the_second,
        hours=times.hours,
        span=times.span_words,
        lasting=times.length,
        needs_notice=times.needs_notice,
        weekday_name=times.weekday_name,
        weekday_letters=times.weekday_letters,
        label=label,
        fell_back_from=fell_back_from,
        booked_instead=booked_instead,
        switch_to=switch_to,
        obstacle=obstacle_words,
        type_name=name_of,
        join_words=join_words,
        join_words_with=join_words_with,
        meeting_id=meeting_id_words,
        state=booking_words.state_words,
        happened=booking_words.happened,
        needs_host=booking_words.needs_host,
        entry_words=booking_words.entry_words,
        provider_problem=for_host,
        doubt_words=doubt_words,
        limit_words=limit_words,
        international=international,
        tel=tel,
        mailto=mailto,
        with_query=with_query,
    )
    cast("dict[str, object]", environment.globals).update(
        _=_words,
        gettext=_words,
        ngettext=_counted_words,
        themed=themed,
        # Pages that can be in another site's frame say so.
        frame=None,
        text_limits=TEXT_LIMITS,
        handle_kept_days=HANDLE_KEPT_FOR.days,
        spoken=spoken,
        brand_style=brand_style,
        zone_options=zone_options,
        zone_words=times.zone_words,
        zone_name=zone_name,
        city_of=city_of,
        weekdays=times.weekdays,
        counts_to_twelve=times.counts_to_twelve,
        guest_name=booking_words.guest_name,
        where=booking_words.where,
        fallback_words=booking_words.fallback_words,
        cancelling_words=booking_words.cancelling_words,
        cancelled_words=booking_words.cancelled_words,
        moved_words=booking_words.moved_words,
        link_after_move=booking_words.link_after_move,
        meeting_stays=booking_words.meeting_stays,
        shown_at_another_time=booking_words.shown_at_another_time,
        provider_names=PROVIDER_NAMES,
    )
    return environment


def _words(message: str, /, **parameters: object) -> Markup:
    """The words of whoever reads the page."""
    return _filled(gettext(message), parameters)


def _counted_words(one: str, many: str, number: int, /, **parameters: object) -> Markup:
    return _filled(ngettext(one, many, number), {"num": number, **parameters})


def _filled(sentence: str, parameters: dict[str, object]) -> Markup:
    """What people typed is escaped, and keeps its own direction within our sentences."""
    words = Markup(sentence)  # noqa: S704 - from our own catalogues
    return words % {name: isolated(each) for name, each in parameters.items()}


_ENVIRONMENT = _environment()

TEMPLATES = TemplateConfig(instance=JinjaTemplateEngine.from_environment(_ENVIRONMENT))
