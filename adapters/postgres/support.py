"""Messages to the operator that are still to be mailed."""

from adapters.postgres.transaction import Transaction
from application.ports.support import Screenshot, SupportRequest

_COLUMNS = "id, sent_at, email, page_url, message, language, wants_copy, screenshot, screenshot_kind"


class PostgresSupportRequests:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, request: SupportRequest) -> None:
        screenshot = request.screenshot
        self._transaction.write(
            f"insert into support_requests ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            request.id,
            request.sent_at,
            request.email,
            request.page_url,
            request.message,
            request.language,
            request.wants_copy,
            screenshot.content if screenshot else None,
            screenshot.kind if screenshot else None,
        )

    async def get(self, request_id: str, /) -> SupportRequest | None:
        row = await self._transaction.read(f"select {_COLUMNS} from support_requests where id = $1", request_id)
        if row is None:
            return None
        return SupportRequest(
            id=row["id"],
            sent_at=row["sent_at"],
            email=row["email"],
            page_url=row["page_url"],
            message=row["message"],
            language=row["language"],
            wants_copy=row["wants_copy"],
            screenshot=None if row["screenshot"] is None else Screenshot(row["screenshot"], row["screenshot_kind"]),
        )

    def drop_screenshot(self, request_id: str) -> None:
        sql = "update support_requests set screenshot = null, screenshot_kind = null where id = $1"
        self._transaction.write(sql, request_id)

    def remove(self, request_id: str) -> None:
        self._transaction.write("delete from support_requests where id = $1", request_id)
