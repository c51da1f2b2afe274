-- migrate:up

alter table hosts
    add column email_confirmed_at timestamptz,
    -- Set while the account is being deleted: nobody signs in any more, and what is owed to guests still goes out.
    add column closed_at timestamptz;

-- Nobody asked these hosts to confirm their addresses, so nobody bothers them now.
update hosts set email_confirmed_at = now();

-- Handles that lead to who had them. Without a host they lead nowhere, and nobody can take them yet.
create table former_handles (
    handle text primary key,
    host_id text collate "C" references hosts on delete set null,
    ends_at timestamptz not null
);

create index former_handles_by_host on former_handles (host_id);

-- Links in mails that are good once.
create table mail_tokens (
    digest bytea primary key,
    host_id text collate "C" not null references hosts on delete cascade,
    purpose text not null constraint mail_tokens_purpose_is_known check (purpose in ('reset', 'confirm')),
    email text not null,
    expires_at timestamptz not null
);

create index mail_tokens_by_host on mail_tokens (host_id);
create index mail_tokens_by_end on mail_tokens (expires_at);

-- Mails about accounts that are still to be sent. Some go to addresses that no host has, or has any more.
create table account_mails (
    id text collate "C" primary key,
    kind text not null,
    host_id text collate "C",
    email text not null,
    name text not null,
    language text not null,
    asked_at timestamptz not null
);

create index sessions_by_host on sessions (host_id);

alter table api_tokens
    add column id text collate "C" not null default gen_random_uuid()::text
        constraint api_tokens_id_is_unique unique,
    add column last_used_at timestamptz;

create index api_tokens_by_host on api_tokens (host_id);

-- Deleting a booking looks for its keys.
create index idempotency_keys_by_booking on idempotency_keys (booking_id);

-- migrate:down

drop index idempotency_keys_by_booking;
drop index api_tokens_by_host;
alter table api_tokens drop column id, drop column last_used_at;
drop index sessions_by_host;
drop table account_mails;
drop table mail_tokens;
drop table former_handles;
alter table hosts drop column email_confirmed_at, drop column closed_at;
