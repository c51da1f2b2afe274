"""Count what an operator watches."""

from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.metrics_snapshot import MetricsSnapshot, MetricsSnapshots


@dataclass(frozen=True)
class TakeMetricsSnapshot:
    """Numbers over all hosts, which name nobody."""

    snapshots: MetricsSnapshots
    clock: Clock

    async def __call__(self) -> MetricsSnapshot:
        return await self.snapshots.metrics_snapshot(self.clock())
