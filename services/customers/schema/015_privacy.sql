-- Privacy: who is restricted or erased, what holds an erasure, what each service has done about it.

create table person_erasure (
    person_id uuid primary key,            -- a contact or a customer
    is_customer boolean not null,
    state text not null check (state in ('active', 'restricted', 'erasing', 'erased')),  -- active: lifted
    wants_erasure boolean not null,        -- restricted only until the last hold ends
    reason text not null,
    asked_at timestamptz not null,
    asked_by text not null,
    erased_at timestamptz,
    values_erased bigint not null default 0,
    version bigint not null default 1
);
create index person_erasure_state on person_erasure (state, asked_at desc, person_id);

create table person_hold (
    person_id uuid not null,
    id uuid not null,
    kind text not null check (kind in ('case', 'commitment', 'dispute', 'statutory', 'other')),
    holder text not null,
    subject text not null,
    until_on date,
    placed_at timestamptz not null,
    released_at timestamptz,
    primary key (person_id, id)
);
create unique index person_hold_once on person_hold (person_id, kind, holder, subject) where released_at is null;

create table erasure_part (
    person_id uuid not null references person_erasure (person_id),
    service text not null,
    done_at timestamptz not null,
    values_erased bigint not null,
    primary key (person_id, service)
);

-- A hold that comes while the person is being erased comes too late, and he who erases sees one that came before: both
-- wait for each other at the person's row.
create function privacy_guard_holds() returns trigger language plpgsql as $$
begin
    perform 1 from contact where id = new.person_id for no key update;
    perform 1 from customer where id = new.person_id for no key update;
    perform stale_unless(not exists (
        select 1 from person_erasure where person_id = new.person_id and state = 'erased'));
    return new;
end $$;
create trigger privacy_guard before insert or update of until_on on person_hold
    for each row execute function privacy_guard_holds();

-- The values of a person who is restricted: taken out of their tables, so that nobody comes across them, and kept sealed
-- until they are put back or the last hold ends. One row holds an array of rows of one table; values that are sealed by
-- themselves there stand open in it.
create table person_vault (
    person_id uuid not null references person_erasure (person_id),
    id uuid not null,                      -- UUIDv7: the order in which they were taken out
    part text not null,                    -- the table
    rows_sealed bytea not null,            -- common/seal.h, "person_vault.rows", row: this id; only the privacy officer opens it
    primary key (person_id, id)
);
create unique index person_vault_id on person_vault (id);  -- the order in which they are sealed again

-- The words struck out of a free text; what is not there changes nothing.
create function strike(value text, words text[]) returns text language plpgsql immutable parallel safe as $$
declare
    word text;
begin
    foreach word in array words loop
        value := replace(value, word, '***');
    end loop;
    return value;
end $$;

-- A customer who was erased: later events count on the nameless file and bring no personal value back.
alter table customer add column privacy text not null default 'open' check (privacy in ('open', 'restricted', 'erased'));
create index customer_private on customer (id) where privacy <> 'open';

create index customer_need_contact on customer_need (contact_id) where contact_id is not null;

-- When the job of retention looks next: nobody was due the last time.
create table privacy_look (
    next_at timestamptz not null,
    only_one boolean primary key default true check (only_one)
);
insert into privacy_look (next_at) values ('1970-01-01T00:00:00Z');

-- Whether all of these are shown, once they stand still: who restricts or erases one of them waits for us, or we for him.
create function privacy_are_open(contacts uuid[], customers uuid[]) returns boolean language plpgsql as $$
begin
    perform 1 from contact where id = any(contacts) order by id for no key update;
    perform 1 from customer where id = any(customers) order by id for no key update;
    return not exists (select 1 from contact where id = any(contacts) and state in ('restricted', 'erased'))
        and not exists (select 1 from customer where id = any(customers) and privacy <> 'open');
end $$;

-- Nobody adds a word about a person who was restricted or erased since he was looked at: he who adds decides again, and
-- refuses. Arguments: the column of the contact ('' none), then those of the texts. What has a version that rises with the
-- restriction (contact.version, customer.file_version) needs no such guard.
create function privacy_guard() returns trigger language plpgsql as $$
declare
    texts text;
    contacts uuid[];
    customers uuid[];
begin
    select string_agg(quote_ident(c), ', ') into texts from unnest(tg_argv[1:]) c;
    execute format('select array_agg(distinct %s), array_agg(distinct customer_id) from added where concat(%s) <> ''''',
                   case when tg_argv[0] = '' then 'null::uuid' else quote_ident(tg_argv[0]) end, texts)
        into contacts, customers;
    if customers is not null then
        perform stale_unless(privacy_are_open(contacts, customers));
    end if;
    return null;
end $$;
do $$
declare
    guarded text[];
    event text;
begin
    foreach guarded slice 1 in array array[
        ['decision_entry', '''contact_id'', ''duty'', ''preference'', ''character'', ''approach'''],
        ['customer_need', '''contact_id'', ''description'', ''motive'''],
        ['entitlement', ''''', ''description'''],
        ['entitlement_use', ''''', ''note'''],
        ['dealer', ''''', ''shareholders'', ''organisation'', ''local_strength'', ''standing'''],
        ['dealer_manager', ''''', ''name'', ''memo'''],
        ['dealer_memo', ''''', ''memo'''],
        ['dealer_score', ''''', ''note'''],
        ['dealer_give_up', ''''', ''explanation'', ''note''']] loop
        foreach event in array array['insert', 'update'] loop
            execute format('create trigger privacy_guard_%s after %s on %I referencing new table as added'
                           ' for each statement execute function privacy_guard(%s)',
                           event, event, guarded[1], guarded[2]);
        end loop;
    end loop;
end $$;

-- What goes on with the nameless file, such as its owners and grades, goes on without words. Arguments: the texts.
create function privacy_silence() returns trigger language plpgsql as $$
declare
    row_now jsonb := to_jsonb(new);
    silenced text;
begin
    if not privacy_are_open('{}', array_remove(array[(row_now ->> 'customer_id')::uuid, (row_now ->> 'a_id')::uuid,
                                                     (row_now ->> 'b_id')::uuid], null)) then
        foreach silenced in array tg_argv loop
            if row_now ->> silenced <> '' then
                new := jsonb_populate_record(new, jsonb_build_object(silenced, ''));
            end if;
        end loop;
    end if;
    return new;
end $$;
create trigger privacy_silence before insert or update on ownership
    for each row when (new.note <> '') execute function privacy_silence('note');
create trigger privacy_silence before insert or update on pool_entry
    for each row when (new.note <> '') execute function privacy_silence('note');
create trigger privacy_silence before insert or update on handover_item
    for each row when (new.objection <> '' or new.decision <> '') execute function privacy_silence('objection', 'decision');
create trigger privacy_silence before insert or update on duplicate_dismissed
    for each row when (new.reason <> '') execute function privacy_silence('reason');
create trigger privacy_silence before insert or update on grade_history
    for each row when (new.note <> '') execute function privacy_silence('note');
create trigger privacy_silence before insert or update on grade_current
    for each row when (new.override_reason <> '') execute function privacy_silence('override_reason');

-- Values that come back to a restricted person may be a tombstone's: nobody else adds to it meanwhile.
create or replace function merge_guard_tombstones() returns trigger language plpgsql as $$
begin
    perform stale_unless(not exists (select 1 from added join customer_alias a on a.customer_id = added.customer_id
        join customer c on c.id = a.customer_id where c.privacy = 'open'));
    return null;
end $$;
