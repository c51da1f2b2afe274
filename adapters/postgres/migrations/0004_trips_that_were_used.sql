-- migrate:up

-- A trip that was used is kept until it is swept, so that whoever comes back twice is told just that.
alter table authorizations add column taken_at timestamptz;

-- migrate:down

alter table authorizations drop column taken_at;
