"""The choice of the broker that says "now" to the workers."""

from dramatiq.middleware import AsyncIO, Middleware, ShutdownNotifications

from adapters.jobs.job_broker import QUEUE, JobBroker


def make_broker(url: str | None) -> JobBroker:
    """Make the broker for `redis://` or `amqp://`, or one inside this process for None.

    Dramatiq's own retries are left out: the outbox is the one owner of retries. Each technology is imported where it is
    used: together they take a tenth of a start's time, and 20 MiB.

    Raises:
        ValueError: any other kind of URL, or one that its technology can't read.
    """
    middleware: list[Middleware] = [ShutdownNotifications(), AsyncIO()]
    if url is None:
        from adapters.jobs.in_process_broker import InProcessBroker

        broker: JobBroker = InProcessBroker(middleware=middleware)
    elif url.startswith(("redis://", "rediss://")):
        from adapters.jobs.redis_broker import BellBroker

        broker = BellBroker(url, middleware)
    elif url.startswith(("amqp://", "amqps://")):
        from adapters.jobs.rabbitmq_broker import RabbitBroker

        broker = RabbitBroker(url, middleware)
    else:
        raise ValueError("use redis://… or amqp://…")
    broker.declare_queue(QUEUE)
    return broker
