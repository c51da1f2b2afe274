"""What every store promises about webhooks."""

from domain.host import Host
from domain.webhook import WebhookSecrets
from domain.webhook_problem import EndpointAnswered
from tests.contract.webhooks import add, ids_of, record
from tests.support.builders import NOW
from tests.support.store import Store
from tests.support.stored_webhooks import HOUR, SECRETS, a_webhook, an_event, owed


async def test_a_webhook_is_kept_changed_and_removed(store: Store, host: Host) -> None:
    first, second = a_webhook(host), a_webhook(host, "w2", created_at=NOW + HOUR)
    await add(store, second, first)
    failing, _ = first.failed(EndpointAnswered(503), NOW, wish=NOW + HOUR)

    async with store.begin() as uow:
        assert (first, second) == await uow.webhooks.of(host.id)
        assert SECRETS == await uow.webhooks.secrets(first.id)
        uow.webhooks.save(failing)
        uow.webhooks.put_secrets(first.id, WebhookSecrets("whsec_new"))
        uow.webhooks.remove(second)
    async with store.begin() as uow:
        assert failing == await uow.webhooks.lock(first.id)
        assert WebhookSecrets("whsec_new") == await uow.webhooks.secrets(first.id)
        assert await uow.webhooks.get(second.id) is None
        assert await uow.webhooks.secrets(second.id) is None


async def test_a_host_who_leaves_takes_everything_along(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1")], webhook)
    async with store.begin() as uow:
        uow.webhooks.forget_host(host.id)

    async with store.begin() as uow:
        assert () == await uow.webhooks.of(host.id)
        assert await uow.webhook_events.listening(host.id) is None
        assert await uow.webhook_deliveries.get(owed(an_event(host, "e1"), webhook).id) is None
    assert [] == await ids_of(store, host)
