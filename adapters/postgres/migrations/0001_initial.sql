-- migrate:up

-- A trusted extension: whoever owns the database may create it.
create extension if not exists btree_gist;

-- Ids are compared byte by byte, whatever the database's own collation is: it is faster, and sorts alike everywhere.
create table hosts (
    id text collate "C" primary key,
    email text not null,
    name text not null,
    handle text not null constraint hosts_handle_is_unique unique,
    timezone text not null,
    -- The language that they are mailed in, as a BCP 47 tag.
    language text not null,
    -- The digests of their pictures, kept here, where each page and mail looks anyway.
    photo text,
    logo text,
    password_hash text,
    email_confirmed_at timestamptz,
    -- Set while the account is being deleted: nobody signs in any more, and what is owed to guests still goes out.
    closed_at timestamptz,
    -- Whether somebody listens to what happens; kept here, where whoever takes a booking looks anyway.
    records_events boolean not null default false
);

create unique index hosts_email_is_unique on hosts (lower(email));

-- What hosts show of themselves, drawn anew for pages and for mails.
create table pictures (
    host_id text collate "C" not null references hosts on delete cascade,
    kind text not null constraint pictures_kind_is_known check (kind in ('photo', 'logo')),
    digest text collate "C" not null,
    webp bytea not null,
    jpeg bytea not null,
    primary key (host_id, kind)
);

-- Two hosts may show the same one.
create index pictures_by_digest on pictures (digest);

-- Handles that lead to who had them. Without a host they lead nowhere, and nobody can take them yet.
create table former_handles (
    handle text primary key,
    host_id text collate "C" references hosts on delete set null,
    ends_at timestamptz not null
);

create index former_handles_by_host on former_handles (host_id);

create table sessions (
    digest bytea primary key,
    -- What its host sees of it; nobody gets in with it.
    id text collate "C" not null constraint sessions_id_is_unique unique,
    host_id text collate "C" not null references hosts on delete cascade,
    opened_at timestamptz not null,
    last_active_at timestamptz not null,
    expires_at timestamptz not null,
    -- When a passkey last proved that it is the host.
    confirmed_at timestamptz,
    -- Where it was last used from.
    network text,
    browser text,
    system text
    -- A session that is in use is written every five minutes.
) with (fillfactor = 85);

create index sessions_by_host on sessions (host_id);
create index sessions_by_end on sessions (expires_at);

create table api_tokens (
    digest bytea primary key,
    id text collate "C" not null constraint api_tokens_id_is_unique unique,
    host_id text collate "C" not null references hosts on delete cascade,
    name text not null,
    -- '*' holds all of them, and those that there will be.
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    -- Right to the hour.
    last_used_at timestamptz
);

create index api_tokens_by_host on api_tokens (host_id);
create index api_tokens_by_end on api_tokens (expires_at) where expires_at is not null;

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

create table passkeys (
    id text collate "C" primary key,
    host_id text collate "C" not null references hosts on delete cascade,
    credential_id bytea not null constraint passkeys_credential_is_unique unique,
    -- In the COSE format.
    public_key bytea not null,
    sign_count bigint not null,
    name text not null,
    added_at timestamptz not null,
    last_used_at timestamptz
);

create index passkeys_by_host on passkeys (host_id);

-- What authenticators were asked to sign; each is good once, in one browser. After a crash somebody asks again.
create unlogged table passkey_challenges (
    digest bytea primary key,
    browser_digest bytea not null,
    ceremony text not null constraint passkey_challenges_ceremony_is_known check (ceremony in ('add', 'sign-in', 'confirm')),
    host_id text collate "C",
    expires_at timestamptz not null
);

create index passkey_challenges_by_end on passkey_challenges (expires_at);

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

-- The links in mails by which guests stop all mail, as digests, and the mailboxes that they were sent to.
create table unsubscribe_links (
    digest bytea primary key,
    mailbox_digest bytea not null,
    made_at timestamptz not null
);

create index unsubscribe_links_by_time on unsubscribe_links (made_at);

create table suppressed_mailboxes (
    mailbox_digest bytea primary key,
    since timestamptz not null
);

create table provider_connections (
    host_id text collate "C" not null references hosts on delete cascade,
    provider text not null,
    account_user_id text not null,
    account_id text not null,
    account_email text not null,
    account_name text not null,
    state jsonb not null,
    connected_at timestamptz not null,
    last_meeting_at timestamptz,
    refreshed_at timestamptz,
    limited_until timestamptz,
    -- How many meetings count for the last day that any was asked for on, where a provider makes only so many a day.
    meetings_on date,
    meetings_made integer not null,
    sealed_grant bytea not null,
    constraint one_connection_per_provider primary key (host_id, provider)
);

create index provider_connections_by_account on provider_connections (provider, account_user_id);
-- For the metrics.
create index provider_connections_by_use on provider_connections (meetings_on, provider, meetings_made);
create index provider_connections_in_trouble on provider_connections (provider) where state ->> 'state' <> 'connected';
create index provider_connections_by_refresh on provider_connections ((coalesce(refreshed_at, connected_at)));

-- What providers told us, as digests: a notice that comes again changes nothing.
create table heard_notices (
    digest bytea primary key,
    heard_at timestamptz not null
);

create index heard_notices_by_time on heard_notices (heard_at);

create table authorizations (
    state_digest bytea primary key,
    session_digest bytea not null,
    host_id text collate "C" not null references hosts on delete cascade,
    purpose jsonb not null,
    sealed_code_verifier bytea not null,
    expires_at timestamptz not null,
    -- One that was used is kept until it is swept, so that whoever comes back twice is told just that.
    taken_at timestamptz
);

create index authorizations_by_end on authorizations (expires_at);

-- Forgetting these after a crash of the server is a second chance for somebody, and no more.
create unlogged table rate_limits (
    key_digest bytea primary key,
    -- The uses that may count still, in the order of their instants.
    used_at timestamptz[] not null,
    -- When the last of them counts no more. Read once an hour by whoever sweeps: an index would cost every use.
    ends_at timestamptz not null
);

-- Takes back the last use under each key, in the transaction that has counted it.
create function uncount_uses(keys bytea[], windows interval[]) returns void language sql as $$
    delete from rate_limits where key_digest = any(keys) and cardinality(used_at) = 1;
    update rate_limits as r set
        used_at = r.used_at[:cardinality(r.used_at) - 1],
        ends_at = r.used_at[cardinality(r.used_at) - 1] + asked.lasts
    from unnest(keys, windows) as asked (key, lasts)
    where r.key_digest = asked.key;
$$;

-- Counts a use under each key, or under none where as many as its limit lie within its window. Then it returns the place
-- of the one that takes longest, and when that has room again. A function, because whoever has waited for a row has to see
-- what the one before has counted, and because one round trip has to do.
create function count_uses(
    keys bytea[], limits integer[], windows interval[], moment timestamptz, out place integer, out free_at timestamptz
) language plpgsql as $$
begin
    with counted as (
        insert into rate_limits as r (key_digest, used_at, ends_at)
        -- In the order of the keys, so that two that have several in common don't wait in a circle.
        select asked.key, array[moment], moment + asked.lasts from unnest(keys, windows) as asked (key, lasts)
        order by asked.key
        on conflict (key_digest) do update set
            used_at =
                array(select used from unnest(r.used_at) as used where used > moment - (excluded.ends_at - moment))
                || moment,
            ends_at = excluded.ends_at
        returning r.used_at, array_position(keys, r.key_digest) as number
    )
    select number, used_at[cardinality(used_at) - limits[number]] + windows[number] into place, free_at
    from counted
    where cardinality(used_at) > limits[number]
    order by 2 desc
    limit 1;
    if place is not null then
        perform uncount_uses(keys, windows);
    end if;
end
$$;

-- Hours that pages of a host share.
create table schedules (
    id text collate "C" primary key,
    host_id text collate "C" not null references hosts on delete cascade,
    name text not null,
    availability jsonb not null
        constraint schedules_ranges_in_limits check (not jsonb_path_exists(availability, '$.*.*[24]'))
        constraint schedules_overrides_in_limits
            check (jsonb_array_length(jsonb_path_query_array(availability, '$.overrides.*.size()')) <= 1000),
    -- Null follows the host's.
    timezone text,
    version integer not null default 1,
    constraint schedules_name_is_unique unique (host_id, name),
    constraint schedules_are_of_their_host unique (host_id, id)
);

create table booking_pages (
    id text collate "C" primary key,
    host_id text collate "C" not null references hosts on delete cascade,
    slug text not null,
    title text not null,
    description text not null,
    meeting_types jsonb not null,
    -- The limits are those of domain/availability.py and domain/booking_page.py.
    availability jsonb not null
        -- A range more than a day has room for, of a weekday or a date.
        constraint booking_pages_ranges_in_limits check (not jsonb_path_exists(availability, '$.*.*[24]'))
        constraint booking_pages_overrides_in_limits
            check (jsonb_array_length(jsonb_path_query_array(availability, '$.overrides.*.size()')) <= 1000),
    -- Its hours count instead of the page's own.
    schedule_id text collate "C",
    minimum_notice interval not null
        constraint booking_pages_minimum_notice_in_limits check (minimum_notice between '0 minutes' and '525600 minutes'),
    not_today boolean not null,
    horizon_days integer not null
        constraint booking_pages_horizon_in_limits check (horizon_days between 1 and 730),
    buffer_before interval not null
        constraint booking_pages_buffer_before_in_limits check (buffer_before between '0 minutes' and '1440 minutes'),
    buffer_after interval not null
        constraint booking_pages_buffer_after_in_limits check (buffer_after between '0 minutes' and '1440 minutes'),
    slot_interval interval not null
        constraint booking_pages_slot_interval_in_limits check (slot_interval between '5 minutes' and '1440 minutes'),
    max_per_guest integer not null
        constraint booking_pages_max_per_guest_in_limits check (max_per_guest between 1 and 50),
    daily_cap integer
        constraint booking_pages_daily_cap_in_limits check (daily_cap between 1 and 1000),
    reminders interval[] not null
        constraint booking_pages_reminders_in_limits check (
            cardinality(reminders) <= 3 and '1 minute' <= all (reminders) and '43200 minutes' >= all (reminders)
        ),
    -- Null is the product's own colour.
    brand_color text constraint booking_pages_brand_color_is_rgb check (brand_color ~ '^#[0-9a-f]{6}$'),
    confirm_guest_email boolean not null,
    -- Whether guests can bring others along.
    additional_guests_allowed boolean not null,
    -- Whether it takes new bookings.
    active boolean not null,
    calendars jsonb not null,
    -- "nowhere", "anywhere", or a list of origins.
    embedding jsonb not null default '"nowhere"',
    version integer not null default 1,
    refusal_notified_at timestamptz,
    constraint booking_pages_slug_is_unique unique (host_id, slug),
    -- Looked for by the host whenever a schedule is removed.
    constraint booking_pages_schedule_is_theirs foreign key (host_id, schedule_id) references schedules (host_id, id)
);

create table event_types (
    id text collate "C" primary key,
    page_id text collate "C" not null references booking_pages on delete cascade,
    position integer not null,
    slug text not null,
    title text not null,
    duration interval not null
        constraint event_types_duration_in_limits check (duration between '1 minute' and '1440 minutes'),
    description text not null,
    -- Where guests go once they have booked.
    redirect_url text,
    meeting_types jsonb,
    questions jsonb not null,
    constraint event_types_slug_is_unique unique (page_id, slug)
);

-- Addresses that pages and event types had, and lead to them still.
create table former_page_slugs (
    host_id text collate "C" not null references hosts on delete cascade,
    slug text not null,
    page_id text collate "C" not null references booking_pages on delete cascade,
    ends_at timestamptz not null,
    primary key (host_id, slug)
);

create index former_page_slugs_by_page on former_page_slugs (page_id);

-- Event types are stored anew with their page, so they can't be referenced.
create table former_event_type_slugs (
    page_id text collate "C" not null references booking_pages on delete cascade,
    slug text not null,
    event_type_id text collate "C" not null,
    ends_at timestamptz not null,
    primary key (page_id, slug)
);

-- Links that are good for so many bookings. How many were made by each is counted when it matters.
create table booking_links (
    id text collate "C" primary key,
    token_digest bytea not null constraint booking_links_token_is_unique unique,
    host_id text collate "C" not null references hosts on delete cascade,
    page_id text collate "C" not null references booking_pages on delete cascade,
    uses integer not null constraint booking_links_uses_in_limits check (uses between 1 and 1000),
    created_at timestamptz not null,
    expires_at timestamptz
);

create index booking_links_by_page on booking_links (page_id, created_at);
create index booking_links_by_host on booking_links (host_id);

-- A booking outlives its page and its event type, so neither is referenced. Nor is the host: every booking would lock the
-- one row that all guests of a busy host have in common. Erasing a host deletes the bookings first.
create table bookings (
    id text collate "C" primary key,
    -- What the guest's link is found by, and what it is read from for mails and for answers to repeats.
    token_digest bytea not null constraint bookings_token_is_unique unique,
    sealed_token bytea not null,
    host_id text collate "C" not null,
    page_id text collate "C" not null,
    event_type_id text collate "C" not null,
    title text not null,
    start_at timestamptz not null,
    end_at timestamptz not null,
    occupied_from timestamptz not null,
    occupied_until timestamptz not null,
    -- Null once the guest's details were erased; then nothing of theirs is left.
    guest_name text,
    guest_email text,
    -- What the address is counted by, see domain/mailbox.py.
    guest_mailbox text collate "C",
    guest_timezone text not null,
    guest_phone text,
    -- The language that they are mailed in, as a BCP 47 tag.
    guest_language text,
    host_timezone text not null,
    requested text not null,
    meeting_type jsonb not null,
    -- Why another meeting type is used than the one that was asked for.
    fallback jsonb,
    conference jsonb not null,
    answers jsonb not null,
    -- The `utm_*` parameters of the address that the guest came by.
    tracking jsonb not null default '{}',
    -- Whom the guest brings along, with those who have left; null where there is nobody.
    additional_guests jsonb,
    -- The single-use link that it was made by, which may be gone.
    link_id text collate "C",
    cancellation jsonb,
    -- Set while the guest has yet to confirm the address.
    held_until timestamptz,
    status text not null generated always as (
        case when cancellation is not null then 'cancelled' when held_until is null then 'confirmed' else 'held' end
    ) stored,
    announced boolean not null,
    revision integer not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    last_change text not null,
    move jsonb,
    reminders interval[] not null,
    -- Whom the mail server takes no mail for: a side, or an additional guest by the place.
    unreached text[] not null,
    -- In the host's calendar. Its texts are digests, its id is the calendar's.
    entry jsonb,
    entry_calendar_id text collate "C" generated always as (entry ->> 'calendar_id') stored,
    -- Events in calendars of the host's that take some of its time.
    overlapping jsonb not null default '[]',
    version integer not null default 1,
    constraint bookings_guest_is_whole_or_erased check (
        num_nulls(guest_name, guest_email, guest_mailbox, guest_language) = 0
        or num_nonnulls(guest_name, guest_email, guest_mailbox, guest_language, guest_phone) = 0 and answers = '[]'
            and tracking = '{}' and additional_guests is null
    ),
    constraint bookings_occupy_their_time check (
        occupied_from <= start_at and start_at < end_at and end_at <= occupied_until
    ),
    -- Two bookings of one host can't overlap, on whichever pages they were made; held ones occupy their time until they
    -- are deleted. The hash is there for speed alone: it took some 0.05 ms off an insert among a million bookings of
    -- 5,000 hosts.
    constraint bookings_dont_overlap exclude using gist (
        hashtextextended(host_id, 0) with =,
        tstzrange(occupied_from, occupied_until) with &&,
        host_id with =
    ) where (status <> 'cancelled')
    -- A booking is saved several times in its first minute; with room on its page no index has to be touched.
) with (fillfactor = 85);

create index bookings_occupying on bookings (host_id, occupied_from)
    include (occupied_until, start_at, page_id, id, held_until) where status <> 'cancelled';

create index bookings_held on bookings (host_id, held_until) where status = 'held';

create index bookings_by_guest on bookings (page_id, guest_mailbox, end_at) where status <> 'cancelled';

-- For who reads the calendar: these are ours. Both columns stay as they are however often the entry is written.
create index bookings_by_calendar on bookings (entry_calendar_id, end_at) where entry_calendar_id is not null;

create index bookings_by_link on bookings (link_id) where link_id is not null;

create index bookings_cancelled on bookings (host_id, start_at, id) where status = 'cancelled';

-- For who erases guests' details after a while.
create index bookings_by_end_with_guest on bookings (end_at) where guest_name is not null;

-- Whether a new booking may be stored: the offer that it was decided by is as it was, where that may be old; its guest
-- has fewer than `most` coming ones on the page; and there is a use left under each key, which is counted then. Whoever
-- asks for the same guest and page at the same time waits until the end of the transaction, and counts what it has
-- stored.
create function admit_booking(
    page text, mailbox text, most integer, keys bytea[], limits integer[], windows interval[], moment timestamptz,
    host text, host_row xid, page_version integer, schedule_version integer, statuses text[],
    scarce text, first_kept integer,
    out is_as_offered boolean, out has_room boolean, out place integer, out free_at timestamptz
) language plpgsql
-- By its own count PostgreSQL would plan this anew for each booking, which takes longer than all the rest of it.
set plan_cache_mode = force_generic_plan as $$
declare
    counted record;
begin
    is_as_offered := host_row is null or exists (
        select from hosts as h
        join booking_pages as p on p.host_id = h.id
        left join schedules as s on s.id = p.schedule_id
        where h.id = host and h.xmin = host_row and p.id = page and p.version = page_version
            and s.version is not distinct from schedule_version
            and statuses = array(
                select provider || ' ' || (state ->> 'state') from provider_connections
                where host_id = host and (
                    provider is distinct from scarce or meetings_made < first_kept
                    or meetings_on is distinct from (moment at time zone 'UTC')::date
                )
                order by provider collate "C"
            )
    );
    has_room := is_as_offered;
    if has_room and most is not null then
        perform pg_advisory_xact_lock(hashtextextended(page || ' ' || mailbox, 0));
        has_room := most > (
            select count(*) from bookings as b
            where b.page_id = page and b.guest_mailbox = mailbox and b.status <> 'cancelled' and b.end_at > moment
                and (b.held_until is null or b.held_until > moment)
        );
    end if;
    if has_room and cardinality(keys) > 0 then
        -- Assigned, for a query would cost as much as counting one use.
        counted := count_uses(keys, limits, windows, moment);
        place := counted.place;
        free_at := counted.free_at;
    end if;
end
$$;

create table booking_events (
    booking_id text collate "C" not null references bookings on delete cascade,
    sequence bigint generated always as identity,
    at timestamptz not null,
    what text not null,
    -- Of the shape of the event: a program that reads an older or newer one than it knows says so.
    version smallint not null,
    event jsonb not null,
    primary key (booking_id, sequence)
);

-- For the metrics of the last hour. BRIN would be tiny, but each look at it reads all of it.
create index booking_events_by_at on booking_events (at);

create table booking_mails (
    booking_id text collate "C" not null references bookings on delete cascade,
    -- A side, or an additional guest by the place.
    party text not null,
    revision integer not null,
    start_at timestamptz not null,
    sent_at timestamptz not null,
    -- What the mail server did with this revision: accepted it, or left it unclear; an accepted one may be wanted once
    -- more.
    state text not null
        constraint booking_mails_state_is_known check (state in ('accepted', 'unclear', 'wanted')),
    primary key (booking_id, party, revision)
);

-- What additional guests leave the meeting by.
create table leave_links (
    token_digest bytea primary key,
    booking_id text collate "C" not null references bookings on delete cascade,
    place smallint not null
);

create index leave_links_by_booking on leave_links (booking_id);

create table idempotency_keys (
    scope text collate "C" not null,
    key text collate "C" not null,
    fingerprint text not null,
    booking_id text collate "C" not null references bookings on delete cascade,
    -- Read once an hour by whoever sweeps: an index would cost every booking more than it saves there.
    stored_at timestamptz not null default now(),
    constraint idempotency_keys_are_unique primary key (scope, key)
);

-- Deleting a booking looks for its keys.
create index idempotency_keys_by_booking on idempotency_keys (booking_id);

-- What the owner of an account would want to know of. The whole event is kept, with its tag beside it.
create table security_events (
    host_id text collate "C" not null references hosts on delete cascade,
    sequence bigint generated always as identity,
    at timestamptz not null,
    what text not null,
    event jsonb not null,
    primary key (host_id, at, sequence)
);

-- For the sweep. Events come in the order of their instants, so this index is tiny.
create index security_events_by_at on security_events using brin (at) with (autosummarize = on);

create sequence lease_ids;

-- Jobs to be run. A leased row has a lease_id, and its due_at is the end of the lease; first_due_at is when it fell due,
-- however many leases have led to nothing since. One that has failed is owed since it first fell due, until it is done.
create table outbox (
    job text collate "C" not null,
    key text collate "C" not null,
    payload jsonb not null,
    due_at timestamptz not null,
    first_due_at timestamptz,
    owed_since timestamptz,
    attempts integer not null default 0,
    lease_id bigint,
    lease interval,
    started boolean not null default false,
    again_at timestamptz,
    primary key (job, key)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create index outbox_by_due on outbox (due_at);

-- For the metrics; as long as nothing fails it is empty, and costs nobody who enqueues a job.
create index outbox_by_owed on outbox (job, owed_since) where owed_since is not null;

-- Leases jobs that are due, the earliest first. By what PostgreSQL knows of the table, which may be a minute old, it held
-- few jobs, and it would be read as a whole.
--
-- As many messages wait in the broker as `waiting` says. Those that aren't about jobs whose leases last are about jobs
-- whose leases have ended before anybody has started them, and these go on.
create function lease_jobs(
    most integer, lasts interval, waiting integer, out job text, out payload jsonb, out lease_id bigint, out attempts integer
) returns setof record language sql
set enable_seqscan = off as $$
    with ended as (
        select job, key from outbox
        where due_at <= now() and lease_id is not null and not started
        order by due_at desc
        limit case
            -- The count would cost each call, and there are none as long as somebody works.
            when waiting > 0 and exists (select from outbox where due_at <= now() and lease_id is not null and not started)
            then greatest(0, waiting - (
                select count(*) from outbox
                where due_at > now() and due_at <= now() + lasts and lease_id is not null and not started
            ))
            else 0
        end
        for update skip locked
    ),
    prolonged as (
        update outbox as o set due_at = now() + lasts from ended where o.job = ended.job and o.key = ended.key
    ),
    due as (
        select job, key, coalesce(first_due_at, due_at) as was_due_at from outbox as o
        where due_at <= now() and not exists (select from ended where ended.job = o.job and ended.key = o.key)
        order by due_at
        limit most
        for update skip locked
    ),
    leased as (
        update outbox as o
        set lease_id = nextval('lease_ids'),
            due_at = now() + lasts,
            first_due_at = due.was_due_at,
            lease = lasts,
            started = false,
            attempts = attempts + 1,
            -- A wish to run the job again is fulfilled by this lease, if the one before died without doing so.
            again_at = case when again_at > now() then again_at end
        from due
        where o.job = due.job and o.key = due.key
        returning o.job, o.payload, o.lease_id, o.attempts - 1 as attempts, due.was_due_at
    )
    select job, payload, lease_id, attempts from leased order by was_due_at, lease_id;
$$;

-- Conversations with the operator. The visitor's link is kept as a booking's is.
create table support_threads (
    id text collate "C" primary key,
    token_digest bytea not null constraint support_threads_token_is_unique unique,
    sealed_token bytea not null,
    email text not null,
    page_url text not null,
    language text not null,
    messages jsonb not null,
    -- When the oldest message was sent that nobody has answered.
    waiting_since timestamptz,
    last_at timestamptz not null,
    closed_at timestamptz,
    version integer not null default 1
);

create index support_threads_waiting on support_threads (waiting_since) where waiting_since is not null;

-- Pictures that are still to be mailed to the operator.
create table support_screenshots (
    thread_id text collate "C" not null references support_threads on delete cascade,
    number integer not null,
    content bytea not null,
    kind text not null constraint support_screenshots_kind_is_known check (kind in ('png', 'jpeg')),
    primary key (thread_id, number)
);

-- Where hosts' calendars are read from. What it takes to get in, such as a feed's address, is sealed.
create table calendar_connections (
    id text collate "C" primary key,
    host_id text collate "C" not null references hosts on delete cascade,
    kind text not null constraint calendar_connections_kind_is_known check (kind in ('google', 'microsoft', 'caldav', 'ical_feed')),
    account text not null,
    connected_at timestamptz not null,
    login text not null,
    problem jsonb,
    left_alone_until timestamptz,
    lacks jsonb not null,
    left_out integer not null,
    sealed_access bytea not null
);

create index calendar_connections_by_host on calendar_connections (host_id, connected_at);
create index calendar_connections_by_login on calendar_connections (kind, login) where login <> '';
create unique index calendar_connections_login_is_unique on calendar_connections (host_id, kind, login)
    where login <> '';

create table calendars (
    id text collate "C" primary key,
    connection_id text collate "C" not null references calendar_connections on delete cascade,
    host_id text collate "C" not null,
    kind text not null,
    name text not null,
    timezone text not null,
    host_timezone text not null,
    remote_id text not null,
    is_main boolean not null,
    writable boolean not null,
    rules_apply boolean not null,
    rules jsonb not null,
    read_at timestamptz,
    read_whole_at timestamptz,
    read_until timestamptz,
    readable_until timestamptz,
    problem jsonb,
    failing_since timestamptz,
    failures integer not null,
    host_notified boolean not null,
    unreadable_events integer not null,
    refresh_every interval,
    is_doubted boolean not null,
    is_awaited boolean not null,
    revision bigint not null,
    -- Each event's time and mark, and nothing else of it. Decoded when it is read anew, or its rules change.
    times bytea not null,
    -- The time that nobody can book, in seconds since 1970: what a page with this calendar looks at.
    blocked_from double precision[] not null,
    blocked_until double precision[] not null,
    etag text,
    last_modified text,
    digest bytea not null
    -- Saved after each reading, mostly without its times; with room on its page no index has to be touched.
) with (fillfactor = 85);

create index calendars_by_connection on calendars (connection_id);
create index calendars_by_host on calendars (host_id);

-- What providers have promised to tell us. Whoever shows the secret is the provider.
create table calendar_watches (
    id text collate "C" primary key,
    calendar_id text collate "C" not null references calendars on delete cascade,
    begun_at timestamptz not null,
    remote text not null,
    expires_at timestamptz,
    is_expiring boolean not null,
    refusal text,
    secret_digest bytea not null constraint calendar_watches_secret_is_unique unique
);
create index calendar_watches_by_calendar on calendar_watches (calendar_id);

-- Programs of hosts that are told what happens. Their secrets are sealed.
create table webhooks (
    id text collate "C" primary key,
    host_id text collate "C" not null references hosts on delete cascade,
    url text not null,
    events text[] not null,
    page_id text collate "C",
    created_at timestamptz not null,
    pause text,
    failing_since timestamptz,
    failures integer not null,
    problem jsonb,
    last_success_at timestamptz,
    rests_until timestamptz,
    warned_at timestamptz,
    secret_ends_at timestamptz,
    sealed_secrets bytea not null
    -- Saved after each attempt.
) with (fillfactor = 85);

create index webhooks_by_host on webhooks (host_id, created_at);
-- For the metrics.
create index webhooks_in_trouble on webhooks (id) where pause is not null or failing_since is not null;

-- What is told, as it was when it happened. A host's events have the order in which they were committed.
create table webhook_events (
    id text collate "C" primary key,
    position bigint generated always as identity,
    host_id text collate "C" not null references hosts on delete cascade,
    type text not null,
    at timestamptz not null,
    body bytea not null,
    booking_id text collate "C",
    page_id text collate "C",
    is_erased boolean not null
);

create index webhook_events_by_host on webhook_events (host_id, position);
create index webhook_events_by_booking on webhook_events (booking_id) where booking_id is not null;
-- For the sweep. Events come in the order of their instants, so this index is tiny.
create index webhook_events_by_at on webhook_events using brin (at) with (autosummarize = on);

-- An event on its way to a webhook. A lane is whoever is attempting it right now.
create table webhook_deliveries (
    id text collate "C" primary key,
    position bigint generated always as identity,
    webhook_id text collate "C" not null references webhooks on delete cascade,
    event_id text collate "C" not null references webhook_events on delete cascade,
    type text not null,
    state text not null constraint webhook_deliveries_state_is_known check (state in ('pending', 'delivered', 'failed')),
    tries integer not null,
    is_repeat boolean not null,
    created_at timestamptz not null,
    next_attempt_at timestamptz,
    attempts jsonb not null,
    given_up jsonb,
    lane smallint,
    constraint webhook_deliveries_are_unique unique (event_id, webhook_id),
    constraint webhook_deliveries_are_due_while_pending check ((state = 'pending') = (next_attempt_at is not null))
) with (fillfactor = 85);

create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, position);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, is_repeat, next_attempt_at, position)
    where state = 'pending';
-- What is being attempted, or was left behind: two for each webhook at most.
create index webhook_deliveries_taken on webhook_deliveries (webhook_id, lane) where lane is not null;
-- For the metrics of the last hour.
create index webhook_deliveries_by_time on webhook_deliveries (created_at);

-- For the metrics: how often something came of an attempt, since ever. Those at once count in different rows, so that none
-- waits for another.
create table webhook_attempt_counts (
    result text collate "C" not null,
    shard smallint not null,
    count bigint not null,
    primary key (result, shard)
) with (fillfactor = 50);

-- migrate:down

drop table webhook_attempt_counts;
drop table webhook_deliveries;
drop table webhook_events;
drop table webhooks;
drop table calendar_watches;
drop table calendars;
drop table calendar_connections;
drop table support_screenshots;
drop table support_threads;
drop function lease_jobs;
drop table outbox;
drop sequence lease_ids;
drop table security_events;
drop table idempotency_keys;
drop table leave_links;
drop table booking_mails;
drop table booking_events;
drop function admit_booking;
drop table bookings;
drop table booking_links;
drop table former_event_type_slugs;
drop table former_page_slugs;
drop table event_types;
drop table booking_pages;
drop table schedules;
drop function count_uses;
drop function uncount_uses;
drop table rate_limits;
drop table authorizations;
drop table heard_notices;
drop table provider_connections;
drop table suppressed_mailboxes;
drop table unsubscribe_links;
drop table account_mails;
drop table passkey_challenges;
drop table passkeys;
drop table mail_tokens;
drop table api_tokens;
drop table sessions;
drop table former_handles;
drop table pictures;
drop table hosts;
