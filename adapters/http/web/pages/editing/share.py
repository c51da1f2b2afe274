"""View model of the tab Share: a link, its QR code, and the code for other sites."""

from functools import lru_cache
from html import escape
from urllib.parse import urlencode

import msgspec

from adapters.http.settings import HttpSettings
from adapters.http.web.embed.framing import preview_for
from adapters.http.web.pages.editing.share_form import LinkForm
from adapters.http.web.public.way import Frame
from adapters.http.web.query import with_query
from domain.booking_page import BookingPage, EventType
from domain.host import Host


class Share(msgspec.Struct, frozen=True):
    """What there is to hand out.

    Attributes:
        event_type: the one that the link leads to; None for the whole page.
        qr_code: as a `data:` address of an SVG; None for a link that no code has room for.
        script: the code with the loader.
        iframe: the same without a script.
        preview: the address of the frame.
    """

    form: LinkForm
    event_type: EventType | None
    link: str
    qr_code: str | None
    script: str
    iframe: str
    preview: str

    @property
    def accent_is_wrong(self) -> bool:
        return bool(self.form.accent) and Frame.of([("accent", self.form.accent)]).accent is None

    @classmethod
    def of(cls, host: Host, page: BookingPage, form: LinkForm, settings: HttpSettings, now: float) -> "Share":
        event_type = page.event_type_at(form.event) if form.event else None
        path = f"{host.handle}/{page.slug}" + (f"/{event_type.slug}" if event_type else "")
        frame = Frame.of([("theme", form.theme), ("accent", form.accent)])
        options = (*frame.pairs, *form.pairs)
        link = with_query(f"{settings.public_url}/{path}", form.pairs)
        preview = msgspec.structs.replace(frame, preview=preview_for(page.id, settings, now))
        return cls(
            form=form,
            event_type=event_type,
            link=link,
            qr_code=_qr_code(link),
            script=_script(settings.public_url, path, form, options),
            iframe=_iframe(f"{settings.public_url}/embed/{path}", page, options),
            preview=with_query(f"/embed/{path}", preview.pairs, form.pairs),
        )


@lru_cache(64)
def _qr_code(link: str) -> str | None:
    # Hosts alone need it, and it is a tenth of a second away when the process starts.
    import segno  # noqa: PLC0415

    try:
        code = segno.make_qr(link, error="m")
    except segno.DataOverflowError:
        return None
    return code.svg_data_uri(border=3, light="#fff", omitsize=True, encode_minimal=True)


def _script(public_url: str, path: str, form: LinkForm, options: tuple[tuple[str, str], ...]) -> str:
    attributes = (("timetuna", path), ("mode", form.mode), *options)
    shown = " ".join(f'data-{name}="{escape(text)}"' for name, text in attributes)
    return f'<script async src="{public_url}/embed/v1.js"></script>\n<div {shown}></div>'


def _iframe(address: str, page: BookingPage, options: tuple[tuple[str, str], ...]) -> str:
    query = f"?{urlencode(options)}" if options else ""
    return f'<iframe src="{escape(address + query)}" title="{escape(page.title)}" width="100%" height="700"></iframe>'
