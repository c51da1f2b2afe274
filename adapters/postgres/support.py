"""How are messages to the operator kept until they are mailed?"""

from adapters.postgres.statements import Write
from adapters.postgres.transaction import LazyTransaction
from application.ports.support import Screenshot, SupportRequest

_COLUMNS = "id, sent_at, email, page_url, message, language, wants_copy, screenshot, screenshot_kind"


class PostgresSupportRequests:
    def __init__(self, transaction: LazyTransaction) -> None:
        self._transaction = transaction

    def add(self, request: SupportRequest) -> None:
        sql = f"""
            support_request as (
                insert into support_requests ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            )
        """
        picture = request.screenshot
        more = (
            request.sent_at,
            request.email,
            request.page_url,
            request.message,
            request.language,
            request.wants_copy,
            picture.content if picture else None,
            picture.kind if picture else None,
        )
        self._write("support_request", sql, request.id, *more)

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
        sql = """
            screenshot_dropped as (
                update support_requests set screenshot = null, screenshot_kind = null where id = $1
            )
        """
        self._write("screenshot_dropped", sql, request_id)

    def remove(self, request_id: str) -> None:
        sql = "support_request_removed as (delete from support_requests where id = $1)"
        self._write("support_request_removed", sql, request_id)

    def _write(self, kind: str, sql: str, request_id: str, *more: object) -> None:
        self._transaction.write(Write(kind, sql, (request_id, *more), touches=frozenset({f"support:{request_id}"})))
