"""Questions of an event type as typed in the editor."""

from typing import get_args

import msgspec

from adapters.http.web.forms import Errors, Form
from application.pages.page_checks import options, question_words
from application.pages.page_edits import QuestionEdit
from domain.booking_page import Question, QuestionKind

KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
_KIND_NAMED: dict[str, QuestionKind] = {kind: kind for kind in KINDS}


class QuestionForm(msgspec.Struct, frozen=True):
    """One row. A new question has no id yet; a known one keeps its id, so that answers still belong to it.

    Attributes:
        choices: the options of a choice, one a line; kept as typed while another kind is chosen.
    """

    number: str
    id: str = ""
    label: str = ""
    kind: QuestionKind = "text"
    required: bool = False
    choices: str = ""

    @classmethod
    def of(cls, question: Question, number: str) -> "QuestionForm":
        return cls(number, question.id, question.label, question.kind, question.required, "\n".join(question.choices))

    @classmethod
    def sent(cls, form: Form, number: str) -> "QuestionForm":
        path = f"question.{number}."
        wished = form.text(f"{path}kind")
        return cls(
            number=number,
            id=form.text(f"{path}id"),
            label=form.text(f"{path}label"),
            kind=_KIND_NAMED.get(wished, "text"),
            required=bool(form.text(f"{path}required")),
            choices=form.text(f"{path}choices").replace("\r\n", "\n"),
        )

    @property
    def is_empty(self) -> bool:
        return not (self.id or self.label.strip() or self.choices.strip())

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.choices.splitlines() if line.strip())

    def checked(self, errors: Errors) -> QuestionEdit:
        """The question as it can be saved, unless something was added to the errors."""
        path = f"question.{self.number}."
        errors.check(lambda: question_words(self.label, f"{path}label"))
        if self.kind == "choice":
            errors.check(lambda: options(self.options, f"{path}choices"))
        return QuestionEdit(
            self.id,
            self.label,
            self.kind,
            required=self.required,
            choices=self.options if self.kind == "choice" else (),
        )
