-- migrate:up transaction:false
create index concurrently bookings_by_drill on bookings (drilled_at);

-- migrate:down
drop index bookings_by_drill;
