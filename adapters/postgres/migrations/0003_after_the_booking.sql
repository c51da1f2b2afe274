-- migrate:up

alter table bookings
    add column cancelled_by text,
    add column cancelled_at timestamptz,
    add column moved_by text,
    add column move_reason text not null default '',
    add column remind_before interval,
    -- The sides that the mail server takes no mail for.
    add column unreached text[] not null default '{}';

alter table booking_pages
    add column remind_before interval default '24 hours';

-- What the mail server did with a revision: accepted it, or left it unclear; an accepted one may be wanted once more.
alter table booking_mails
    add column state text not null default 'accepted'
        constraint booking_mails_state_is_known check (state in ('accepted', 'unclear', 'wanted'));

-- migrate:down

alter table booking_mails drop column state;
alter table booking_pages drop column remind_before;
alter table bookings
    drop column cancelled_by, drop column cancelled_at, drop column moved_by, drop column move_reason,
    drop column remind_before, drop column unreached;
