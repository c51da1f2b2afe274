"""The broker that the settings name."""

from adapters.jobs.broker import make_broker
from adapters.jobs.job_broker import JobBroker
from entrypoints.settings import BROKER_PATTERN, SettingsError


def broker_at(url: str | None) -> JobBroker:
    """Make the broker without connecting to it.

    Raises SettingsError: the technology can't read its URL. What it says of that is left out, as it may quote the URL.
    """
    try:
        return make_broker(url)
    except ValueError:
        raise SettingsError(
            f"TIMETUNA_BROKER_URL can’t be used: a parameter in it is unknown or malformed; {BROKER_PATTERN}"
        ) from None
