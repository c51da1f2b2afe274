-- What the release before doesn't know of may be null.

-- migrate:up
alter table bookings add column drilled_at timestamptz;

-- migrate:down
alter table bookings drop column drilled_at;
