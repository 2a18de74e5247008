-- Who alone holds a telephone number, told to others by its keyed hash (NumberHeld). Whatever changes that marks the
-- hash in its own transaction; a job looks at the marked ones.

create table number_mark (
    id uuid primary key default gen_random_uuid(),
    hash bytea not null                    -- personal; keyed
);
-- As it was told last; a number that several hold, or nobody, has no row.
create table number_told (
    hash bytea primary key,                -- personal; keyed
    held_by uuid,                          -- null: of a contact of several customers; no entry of his, so not `customer_id`
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
