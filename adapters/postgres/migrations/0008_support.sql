-- migrate:up

-- Messages to the operator, kept until they are mailed.
create table support_requests (
    id text collate "C" primary key,
    sent_at timestamptz not null,
    email text not null,
    page_url text not null,
    message text not null,
    language text not null,
    wants_copy boolean not null,
    screenshot bytea,
    screenshot_kind text,
    constraint support_requests_screenshot_is_whole check ((screenshot is null) = (screenshot_kind is null)),
    constraint support_requests_screenshot_kind_is_known check (screenshot_kind in ('png', 'jpeg'))
);

-- For the metrics of the last hour. Events come in the order of their instants, so this index is tiny.
create index booking_events_by_at on booking_events using brin (at) with (pages_per_range = 16, autosummarize = on);

-- migrate:down

drop index booking_events_by_at;
drop table support_requests;
