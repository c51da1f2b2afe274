-- migrate:up
-- Read once an hour by whoever sweeps: an index would cost every booking more than it saves there.
alter table idempotency_keys add column stored_at timestamptz not null default now();

-- migrate:down
alter table idempotency_keys drop column stored_at;
