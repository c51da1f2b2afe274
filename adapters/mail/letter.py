"""The content of a mail, before it is laid out as text and as HTML."""

import msgspec

from adapters.presentation.brand import Brand

PRODUCT = Brand("#0f766e")


class Link(msgspec.Struct, frozen=True):
    label: str
    url: str


class Emblem(msgspec.Struct, frozen=True):
    """A picture of who writes; `words` stand where mail programs don't load it."""

    url: str
    words: str


class Exact(msgspec.Struct, frozen=True):
    """Text to be copied as it is, so it reaches programs that look for links; MUST NOT be a link that we don't mean."""

    text: str


class Detail(msgspec.Struct, frozen=True):
    label: str
    lines: tuple[str | Exact, ...]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """All that one mail says; no program makes links of any of it, but for those that are `Link` and `Exact`.

    Attributes:
        about: what the mail is about, and `time` when in short: what mailboxes show of a mail beside its subject.
        action: the one thing that matters most; a button, and its address in full.
        choices: several of which the reader takes one; buttons, and no action beside them.
        page: where the reader can do more; the button where there is no action.
        closing: the small print.
        stop: where the reader can stop such mails; the last of the small print.
        cancelled: the time no longer holds, and is struck through.
        brand: the colour of the header and of the button.
        emblem: above the headline.
    """

    subject: str
    headline: str
    about: str = ""
    time: str = ""
    paragraphs: tuple[str, ...] = ()
    action: Link | None = None
    choices: tuple[Link, ...] = ()
    details: tuple[Detail, ...] = ()
    page: Link | None = None
    closing: tuple[str, ...] = ()
    stop: Link | None = None
    cancelled: bool = False
    brand: Brand = PRODUCT
    emblem: Emblem | None = None
