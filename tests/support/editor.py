"""The editor's form as a browser sends it."""

from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.types_form import TypesForm
from domain.booking_page import BookingPage
from domain.host import Host
from tests.support.builders import a_page, at_the_harbour
from tests.support.serving import Server
from tests.support.visiting import Fields, Visitor, a_signed_in_host


def as_shown(page: BookingPage) -> Fields:
    """The fields of the editor, untouched."""
    form = EditorForm.of(page)
    rules = form.rules
    fields: Fields = {
        "active": "1" if form.active else "",
        "title": form.title,
        "slug": form.slug,
        "description": form.description,
        "color": form.color,
        "standard_color": "" if form.own_color else "1",
        "additional_guests_allowed": "1" if form.additional_guests_allowed else "",
        **types_as_shown(form.types, ""),
        "event": [each.number for each in form.events],
        "question": [each.number for event in form.events for each in event.questions],
        "schedule": form.schedule,
        "date": [each.number for each in form.hours.dates],
        "notice": rules.notice,
        "notice_unit": rules.notice_unit,
        "horizon": rules.horizon,
        "before": rules.before,
        "after": rules.after,
        "interval": rules.interval,
        "cap": rules.cap,
        "per_guest": rules.per_guest,
        "remind": "1" if rules.remind else "",
        **{f"lead.{place}": each.number for place, each in enumerate(rules.leads)},
        **{f"lead.{place}_unit": each.unit for place, each in enumerate(rules.leads)},
        "blocking": list(form.calendars.blocking),
        "when_unreadable": "trust_last" if form.calendars.trust_last else "close",
        "embedding": form.embedding.who,
        "sites": form.embedding.sites,
        "save": "1",
    }
    for event in form.events:
        path = f"event.{event.number}."
        fields |= {
            f"{path}{name}": getattr(event, name)
            for name in ("id", "title", "slug", "duration", "description", "redirect_url")
        }
        if event.own is not None:
            fields |= {f"{path}own": "1", **types_as_shown(event.own, path)}
        for asked in event.questions:
            at = f"question.{asked.number}."
            fields |= {f"{at}{name}": getattr(asked, name) for name in ("id", "label", "kind", "choices")}
            fields |= {f"{at}event": event.number, f"{at}required": "1" if asked.required else ""}
    for path, rows in [
        *((f"hours.{weekday}", rows) for weekday, rows in form.hours.weekly.items()),
        *((f"date.{each.number}", each.stretches) for each in form.hours.dates),
    ]:
        fields[f"{path}.start"] = [each.start for each in rows]
        fields[f"{path}.end"] = [each.end for each in rows]
    for each in form.hours.dates:
        fields |= {f"date.{each.number}.day": each.day, f"date.{each.number}.until": each.until}
    return fields


def types_as_shown(types: TypesForm, prefix: str) -> Fields:
    return {
        f"{prefix}order": list(types.order),
        f"{prefix}on": sorted(types.on),
        f"{prefix}backup": sorted(types.backups),
        f"{prefix}caller": types.caller,
        f"{prefix}number": types.number,
        f"{prefix}address": types.address,
    }


async def an_edited_page(server: Server, page: BookingPage | None = None) -> tuple[Host, Visitor, BookingPage]:
    host, visitor = await a_signed_in_host(server)
    made = await server.memory.page(page or a_page(host, meeting_types=(at_the_harbour,)))
    return host, visitor, made


async def saved(server: Server, page: BookingPage) -> BookingPage:
    found = await server.memory.store.views.page(page.host_id, page.id)
    assert found
    return found


async def sends(visitor: Visitor, page: BookingPage, **changes: str | list[str]) -> Visitor:
    fields = {**as_shown(page), **{key.replace("__", "."): value for key, value in changes.items()}}
    return await visitor.sends(f"/pages/{page.id}/edit", fields)
