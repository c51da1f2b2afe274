-- migrate:up

-- Null is the product's own colour.
alter table booking_pages
    add column brand_color text constraint booking_pages_brand_color_is_rgb check (brand_color ~ '^#[0-9a-f]{6}$');

-- migrate:down

alter table booking_pages drop column brand_color;
