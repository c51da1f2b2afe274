"""Messages to the operator that are still to be mailed."""

import msgspec

from adapters.postgres.tables import SUPPORT_REQUESTS
from adapters.postgres.transaction import Transaction
from application.ports.support import Screenshot, SupportRequest

_ADD = f"""
    insert into support_requests ({SUPPORT_REQUESTS.columns}, screenshot, screenshot_kind)
    values ({SUPPORT_REQUESTS.placeholders()}, ${SUPPORT_REQUESTS.after}, ${SUPPORT_REQUESTS.after + 1})
"""

_GET = f"select {SUPPORT_REQUESTS.select}, r.screenshot, r.screenshot_kind from support_requests as r where r.id = $1"


class PostgresSupportRequests:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, request: SupportRequest) -> None:
        picture = request.screenshot
        of_picture = (picture.content, picture.kind) if picture else (None, None)
        self._transaction.write(_ADD, *SUPPORT_REQUESTS.args(request), *of_picture)

    async def get(self, request_id: str, /) -> SupportRequest | None:
        row = await self._transaction.read(_GET, request_id)
        if row is None:
            return None
        picture = None if row["screenshot"] is None else Screenshot(row["screenshot"], row["screenshot_kind"])
        return msgspec.structs.replace(SUPPORT_REQUESTS.read(row), screenshot=picture)

    def drop_screenshot(self, request_id: str) -> None:
        sql = "update support_requests set screenshot = null, screenshot_kind = null where id = $1"
        self._transaction.write(sql, request_id)

    def remove(self, request_id: str) -> None:
        self._transaction.write("delete from support_requests where id = $1", request_id)
