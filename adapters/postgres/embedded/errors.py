"""Errors of the embedded server; each message is one line for people."""


class EmbeddedPostgresError(Exception):
    """The embedded server can't do what was asked."""


class NoPostgresError(EmbeddedPostgresError):
    """This machine has no PostgreSQL that we could run."""


class FolderInUseError(EmbeddedPostgresError):
    """Another process runs a server on this folder."""


class OtherVersionError(EmbeddedPostgresError):
    """The folder was filled by another major version of PostgreSQL."""


class StartFailedError(EmbeddedPostgresError):
    """PostgreSQL was started and gave up."""
