-- The virtual clock of demo and test installations is moved by the service itself (kehu.bus.v1.AdvanceClock), and
-- that is all it may change about its installation. The check on the table keeps the clock of a live one where it is.
create index timer_lease on timer (lease) where lease is not null;

do $$
declare
    run_role text := current_schema() || '_run';
begin
    execute format('revoke insert, update, delete, truncate on installation from %I', run_role);
    execute format('grant update (clock_offset_us) on installation to %I', run_role);
end $$;
