"""The sites that may embed a page, its link and its code, as typed in the editor."""

from typing import Literal, Self, get_args

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.http.web.public.carried import carried_in
from adapters.http.web.public.way import Mode
from adapters.http.web.query import Pairs
from adapters.http.web.themes import Theme
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.refusals import fault_sentence
from application.pages.embedding import checked_embedding
from domain.booking_page import BookingPage
from domain.embedding import Embedding
from domain.errors import InvalidInput
from domain.faults import Required
from domain.typed_addresses import addresses_in

Who = Literal["nowhere", "sites", "anywhere"]

_WHO: dict[str, Who] = {each: each for each in get_args(Who)}

LONGEST_TYPED = 500
"""Of a field that goes into a link."""

_FIELDS = ("name", "email", "phone", "guests", "type", "utm_source", "utm_campaign")


class EmbeddingForm(msgspec.Struct, frozen=True):
    """`sites` has one on each line; it counts where `who` says so."""

    who: Who
    sites: str

    @classmethod
    def of(cls, page: BookingPage) -> Self:
        match page.embedding:
            case "nowhere":
                return cls("nowhere", "")
            case "anywhere":
                return cls("anywhere", "")
            case sites:
                return cls("sites", "\n".join(sites))

    @classmethod
    def sent(cls, form: Form) -> Self:
        who = _WHO.get(form.text("embedding"), "nowhere")
        return cls(who, form.text("sites").replace("\r\n", "\n") if who == "sites" else "")

    def checked(self, errors: Errors) -> Embedding:
        """What to save, unless something was added to the errors."""
        if self.who != "sites":
            return self.who
        # An address that is copied from a browser ends so.
        sites = tuple(each.strip().removesuffix("/") for each in self.sites.split("\n") if each.strip())
        if not sites:
            errors.note("sites", Required())
            return "nowhere"
        try:
            return checked_embedding(sites)
        except InvalidInput as refusal:
            fault = refusal.faults[0]
            place = fault.field.rpartition(".")[2]
            words = fault_sentence(fault)
            named = _("{field}: {words}").format(field=sites[int(place)], words=words) if place.isdigit() else words
            errors.setdefault("sites", named)
            return "nowhere"


class LinkForm(msgspec.Struct, frozen=True):
    """What the link and the code are made of; nothing of it is stored.

    Attributes:
        event: the slug of an event type; empty for the whole page.
        fields: what fills the form in, by its parameter.
        accent: as typed.
    """

    event: str = ""
    fields: dict[str, str] = {}
    mode: Mode = "inline"
    theme: Theme = "auto"
    accent: str = ""

    @property
    def pairs(self) -> Pairs:
        """The parameters that can be used."""
        return carried_in(self.fields.items())

    @property
    def left_out(self) -> set[str]:
        """The parameters that can't, or not as a whole."""
        usable = dict(self.pairs)
        missing = self.fields.keys() - usable.keys()
        some = len(addresses_in(self.fields.get("guests", ""))) > len(addresses_in(usable.get("guests", "")))
        return missing | {"guests"} if some else missing


def link_sent(form: Form, page: BookingPage) -> LinkForm:
    """What is typed on the tab; answers are those to the questions of the event type that is chosen."""
    event_type = page.event_type_at(form.text("link.event")) if form.text("link.event") else None
    questions = event_type.questions if event_type else ()
    names = (*_FIELDS, *(f"q.{each.id}" for each in questions))
    typed = {name: form.text(f"link.{name}").strip()[:LONGEST_TYPED] for name in names}
    return LinkForm(
        event_type.slug if event_type else "",
        {name: text for name, text in typed.items() if text},
        "popup" if form.text("link.mode") == "popup" else "inline",
        next((each for each in get_args(Theme) if each == form.text("link.theme")), "auto"),
        form.text("link.accent").strip(),
    )
