"""Faults of the addresses of additional guests, which share one field of a form."""

from collections.abc import Sequence

from adapters.http.web.forms import Errors
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.refusals import fault_sentence
from domain.errors import InvalidInput
from domain.faults import Fault

_FIELD = "additional_guests"


def errors_of(refusal: InvalidInput, guests: Sequence[str]) -> Errors:
    """All faults of a refused booking; those of its `guests` together, each beside the address that it is about."""
    errors = Errors.of(refusal, lambda path: _FIELD if path.startswith(f"{_FIELD}.") else path)
    if _FIELD in errors:
        faults = (each for each in refusal.faults if each.field.partition(".")[0] == _FIELD)
        errors[_FIELD] = joined(*(_named(each, guests) for each in faults))
    return errors


def _named(fault: Fault, guests: Sequence[str]) -> str:
    place, words = fault.field.rpartition(".")[2], fault_sentence(fault)
    return _("{field}: {words}").format(field=guests[int(place)], words=words) if place.isdigit() else words
