-- In steps that are committed, so that no row is locked for long, and a run that was cut off goes on where it ended.

-- migrate:up transaction:false
do $$
begin
    loop
        update bookings set drilled_at = created_at where id in (
            select id from bookings where drilled_at is null order by id limit 5 for update
        );
        exit when not found;
        commit;
    end loop;
end
$$;
