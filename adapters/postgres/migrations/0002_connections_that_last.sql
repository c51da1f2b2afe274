-- migrate:up

alter table provider_connections
    add column refreshed_at timestamptz,
    add column limited_until timestamptz;

create index provider_connections_by_refresh on provider_connections ((coalesce(refreshed_at, connected_at)));

-- What providers told us, as digests: a notice that comes again changes nothing.
create table heard_notices (
    digest bytea primary key,
    heard_at timestamptz not null
);

create index heard_notices_by_time on heard_notices (heard_at);

-- migrate:down

drop table heard_notices;
drop index provider_connections_by_refresh;
alter table provider_connections drop column refreshed_at, drop column limited_until;
