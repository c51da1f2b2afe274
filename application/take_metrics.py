"""Count what an operator watches."""

from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.metrics_snapshot import MetricsSnapshot
from application.ports.views import Views


@dataclass(frozen=True)
class TakeMetricsSnapshot:
    """Numbers over all hosts, which name nobody."""

    views: Views
    clock: Clock

    async def __call__(self) -> MetricsSnapshot:
        return await self.views.metrics_snapshot(self.clock())
