-- Who alone holds a telephone number, told to others by its keyed hash (NumberHeld). Whatever changes that marks the
-- hash in its own transaction; a job looks at the marked ones.

create table number_mark (
    id uuid primary key default gen_random_uuid(),
    hash bytea not null                    -- personal; keyed
);
-- As it was told last; a number that several hold, or nobody, has no row.
create table number_told (
    hash bytea primary key,                -- personal; keyed
    customer_id uuid,                      -- null: of a contact of several customers
    contact_id uuid                        -- null: it stands on the file
);

create function number_mark_channel() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into number_mark (hash) select old.value_hash where old.kind in ('mobile', 'phone');
    end if;
    if tg_op <> 'DELETE' then
        insert into number_mark (hash) select new.value_hash where new.kind in ('mobile', 'phone');
    end if;
    return null;
end $$;
create trigger number_mark after insert or delete or update of kind, value_hash, status on contact_channel
    for each row execute function number_mark_channel();

create function number_mark_fact() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into number_mark (hash) select old.value_hash where old.value_hash is not null and old.field <> 'email';
    end if;
    if tg_op <> 'DELETE' then
        insert into number_mark (hash) select new.value_hash where new.value_hash is not null and new.field <> 'email';
    end if;
    return null;
end $$;
create trigger number_mark_gone after delete on customer_fact
    for each row when (old.value_hash is not null) execute function number_mark_fact();
create trigger number_mark_new after insert on customer_fact
    for each row when (new.value_hash is not null) execute function number_mark_fact();
create trigger number_mark_other after update of value_hash on customer_fact
    for each row when (old.value_hash is distinct from new.value_hash) execute function number_mark_fact();

create function number_mark_link() returns trigger language plpgsql as $$
begin
    insert into number_mark (hash) select h.value_hash from contact_channel h
        where h.contact_id = coalesce(new.contact_id, old.contact_id) and h.kind in ('mobile', 'phone');
    return null;
end $$;
create trigger number_mark after insert or delete or update of customer_id, contact_id on contact_link
    for each row execute function number_mark_link();

-- A merged customer's numbers are his survivor's.
create function number_mark_alias() returns trigger language plpgsql as $$
begin
    insert into number_mark (hash) select value_hash from customer_reach
        where customer_id = coalesce(new.customer_id, old.customer_id) and not is_email;
    return null;
end $$;
create trigger number_mark after insert or update or delete on customer_alias
    for each row execute function number_mark_alias();

insert into number_mark (hash) select distinct value_hash from customer_reach where not is_email;

-- What was told of a number is no entry of the customer: an import that brought it is undone all the same (014_imports.sql).
create or replace function import_with_more(of uuid[]) returns setof uuid language plpgsql stable as $$
declare
    asked name;
begin
    for asked in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.attname = 'customer_id' and a.atttypid = 'uuid'::regtype
            and has_table_privilege(c.oid, 'select')
            and c.relname not in ('customer_ref', 'customer_fact', 'customer_search', 'customer_search_waiting', 'orders',
                'order_line', 'sales_figure', 'contact_link', 'ownership', 'owner_alert', 'grade_result', 'grade_current',
                'grade_history', 'import_row', 'import_former', 'number_told')
    loop
        return query execute format('select distinct customer_id from %I where customer_id = any($1)', asked) using of;
    end loop;
    return query select customer_id from grade_current where customer_id = any(of) and override_reason is not null;
end $$;
