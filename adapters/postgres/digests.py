"""Digests of secrets that are shown again."""

from hashlib import sha256


def digest_of(secret: str) -> bytes:
    # Whatever a request can hold has a digest, lone surrogates included.
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
