"""Files in JSON bodies, in Base64."""

from base64 import b64decode

from domain.errors import InvalidInput
from domain.faults import Malformed


def uploaded(text: str, field: str) -> bytes:
    """Raises InvalidInput for what isn't Base64."""
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidInput.at(field, Malformed("base64")) from error
