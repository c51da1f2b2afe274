"""What are secrets made of, and what is kept of them?"""

from base64 import urlsafe_b64encode
from hashlib import sha256


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def s256(verifier: str) -> str:
    """Compute the PKCE challenge of a verifier."""
    return base64url(sha256(verifier.encode("ascii", "replace")).digest())


def digest(secret: str) -> str:
    """Compute what stands for a secret in the store, so that the store gives none away."""
    return sha256(secret.encode()).hexdigest()
