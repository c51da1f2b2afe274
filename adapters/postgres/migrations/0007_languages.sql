-- migrate:up

-- The language that each is mailed in, as a BCP 47 tag.
alter table hosts add column language text not null default 'en';
alter table bookings add column guest_language text not null default 'en';

-- migrate:down

alter table bookings drop column guest_language;
alter table hosts drop column language;
