"""A provider's HTTP answer, without its secrets in the repr."""

from http import HTTPStatus

import msgspec


class ProviderAnswer(msgspec.Struct, frozen=True):
    """An HTTP answer; its body may hold tokens or a host's log-in, so the repr leaves it out.

    Attributes:
        retry_after: the header as it came.
        rate_limit_type: `x-ratelimit-type`, where the provider has it: at Zoom `QPS` or `Daily-limit`; often missing.
        tracking_id: the number that the provider's support asks for, where it gives one.
    """

    status: int
    body: bytes = b""
    retry_after: str | None = None
    rate_limit_type: str | None = None
    tracking_id: str | None = None

    @property
    def is_success(self) -> bool:
        return self.status in range(200, 300)

    @property
    def is_client_error(self) -> bool:
        return self.status in range(400, 500)

    @property
    def is_server_error(self) -> bool:
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    def __repr__(self) -> str:
        return f"Answer(status={self.status}, …)"

    def __rich_repr__(self) -> list[tuple[str, int]]:
        return [("status", self.status)]
