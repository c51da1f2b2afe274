"""The domain's words for people, translatable once something was filled in."""

from typing import Self


class Words(str):
    """English for a person that remembers what it was made of, so that an edge can say it in another language.

    Attributes:
        template: the sentence with `{name}` where something is filled in; the key of a translation.
        parts: what is filled in; a part that is `Words` is translated as well, any other stays as it is.
    """

    __slots__ = ("parts", "template")

    template: str
    parts: dict[str, str]

    def __new__(cls, template: str, /, **parts: str) -> Self:
        self = super().__new__(cls, template.format(**parts) if parts else template)
        self.template = template
        self.parts = parts
        return self


def marked(message: str, /) -> str:
    """Mark a literal for the catalogue where it can't be looked up yet, such as in a constant."""
    return message
