"""What hosts are mailed about that is no booking: facts, for which the adapter finds words, a button and a path."""

import msgspec

from domain.connection import Blocked, NeedsReconnect
from domain.meeting_type import MeetingTypeName, Obstacle
from domain.provider import Provider


class ConfirmSignUp(msgspec.Struct, frozen=True, tag_field="notice", tag="confirm_sign_up"):
    """Somebody signed up with the reader's address; `token` confirms it, once."""

    token: str


class ConfirmNewAddress(msgspec.Struct, frozen=True, tag_field="notice", tag="confirm_new_address"):
    """An account is to use the reader's address; `token` confirms it, once."""

    token: str


class AddressWanted(msgspec.Struct, frozen=True, tag_field="notice", tag="address_wanted"):
    """Another account was to use the address of the reader's own."""


class AlreadySignedUp(msgspec.Struct, frozen=True, tag_field="notice", tag="already_signed_up"):
    """Somebody tried to sign up with the address of the reader's account."""


class ResetPasswordLink(msgspec.Struct, frozen=True, tag_field="notice", tag="reset_password"):
    """`token` lets whoever has it set a new password, once."""

    token: str


class PasswordChangedNotice(msgspec.Struct, frozen=True, tag_field="notice", tag="password_changed"):
    pass


class ApiTokenMade(msgspec.Struct, frozen=True, tag_field="notice", tag="api_token_made"):
    """Without the token's name: whoever made it may not be the reader."""


class NewPasskey(msgspec.Struct, frozen=True, tag_field="notice", tag="passkey_added"):
    """Without the passkey's name: whoever added it may not be the reader."""


class PasskeyGone(msgspec.Struct, frozen=True, tag_field="notice", tag="passkey_removed"):
    """Nobody signs in with it any more."""


class EmailChangeAsked(msgspec.Struct, frozen=True, tag_field="notice", tag="email_change_asked"):
    """The account is to use another address, which has yet to be confirmed."""


class EmailChanged(msgspec.Struct, frozen=True, tag_field="notice", tag="email_changed"):
    """The account uses the address `email` now."""

    email: str


class AccountDeletedNotice(msgspec.Struct, frozen=True, tag_field="notice", tag="account_deleted"):
    """The reader or the operator has asked for it; what is stored will be erased in a few minutes."""

    by_operator: bool = False


class ConnectionNeedsHost(msgspec.Struct, frozen=True, tag_field="notice", tag="connection_needs_host"):
    """No meetings can be made until the host acts."""

    provider: Provider
    state: NeedsReconnect | Blocked


class ConnectionRemoved(msgspec.Struct, frozen=True, tag_field="notice", tag="connection_removed"):
    """The host took TimeTuna off their account at the provider."""

    provider: Provider


class MeetingTypeStatus(msgspec.Struct, frozen=True):
    """A meeting type of a page, and what keeps it from being used."""

    meeting_type: MeetingTypeName
    obstacle: Obstacle | None


class GuestCouldNotBook(msgspec.Struct, frozen=True, tag_field="notice", tag="guest_could_not_book"):
    """A guest was turned away because none of the page's meeting types could be used; they are told as they are now."""

    page_title: str
    meeting_types: tuple[MeetingTypeStatus, ...]


About = (
    ConfirmSignUp
    | ConfirmNewAddress
    | AddressWanted
    | AlreadySignedUp
    | ResetPasswordLink
    | PasswordChangedNotice
    | ApiTokenMade
    | NewPasskey
    | PasskeyGone
    | EmailChangeAsked
    | EmailChanged
    | AccountDeletedNotice
    | ConnectionNeedsHost
    | ConnectionRemoved
    | GuestCouldNotBook
)
