-- The staff directory: who works for the company, in which unit and roles, under whom, and who stands in for whom.

create table unit (
    code text primary key,
    name text not null,
    parent_code text references unit (code),
    version bigint not null default 1
);

create table staff (
    id uuid primary key,
    code text not null unique,       -- what keys and requests name him by: "li.na"
    name text not null,              -- personal
    roles text[] not null,           -- domain/rights.h
    level text not null default 'staff'
        check (level in ('staff', 'office_head', 'middle', 'top', 'owner')),
    unit_code text references unit (code),
    regions text[] not null default '{}',  -- codes of the region tree he answers for
    manager_id uuid references staff (id),
    deputy_id uuid references staff (id),
    absent_from date,                -- both included; the deputy stands in
    absent_to date,
    capacity integer,                -- customers a round-robin gives him at most; null: no limit
    state text not null default 'active' check (state in ('active', 'left')),
    joined_on date not null,
    left_on date,
    version bigint not null default 1,
    check ((absent_from is null) = (absent_to is null))
);
create index staff_unit on staff (unit_code);
create index staff_manager on staff (manager_id) where manager_id is not null;
create index staff_deputy on staff (deputy_id) where deputy_id is not null;

-- Reading the audit. The run role may not select from it; this function, its owner's, shows it to an auditor of the
-- directory whose reading stands in it already: the row of that moment, key and person. So whoever takes the service
-- over cannot look without leaving a trace, nor without there being an auditor.
alter table audit add column position bigint generated always as identity;
create index audit_order on audit (at desc, position desc);
drop index audit_at;
create index audit_subject on audit (subject, at desc, position desc) where subject <> '';
create index audit_actor on audit (actor, at desc, position desc) where actor <> '';

-- Latest first, after the place (before_at, before_position); null filters are none. `act` may end in *.
create function audit_read(read_at timestamptz, reader_key text, reader text, of_actor text, of_act text,
                           of_subject text, since timestamptz, until timestamptz, before_at timestamptz,
                           before_position bigint, most bigint)
    returns table (at timestamptz, key_name text, actor text, act text, subject text, detail text, "position" bigint)
    language plpgsql stable security definer as $$
begin
    if not exists (select from staff s where s.code = reader and s.state = 'active' and 'auditor' = any (s.roles)) then
        raise exception 'no auditor: %', reader using errcode = '42501';
    end if;
    if not exists (select from audit a where a.at = read_at and a.key_name = reader_key and a.actor = reader
                   and a.act = 'read audit') then
        raise exception 'this reading is not in the audit' using errcode = '42501';
    end if;
    -- Only the filters there are, so that the one that leaves the fewest finds its index.
    return query execute 'select a.at, a.key_name, a.actor, a.act, a.subject, a.detail, a.position from audit a where true'
        || case when of_actor is not null then ' and (a.actor = $1 or (a.actor = '''' and a.key_name = $1))' else '' end
        || case when right(of_act, 1) = '*' then ' and starts_with(a.act, left($2, -1))'
                when of_act is not null then ' and a.act = $2' else '' end
        || case when of_subject is not null then ' and a.subject = $3 and a.subject <> ''''' else '' end
        || case when since is not null then ' and a.at >= $4' else '' end
        || case when until is not null then ' and a.at < $5' else '' end
        || case when before_at is not null then ' and (a.at, a.position) < ($6, $7)' else '' end
        || ' order by a.at desc, a.position desc limit $8'
        using of_actor, of_act, of_subject, since, until, before_at, before_position, most;
end $$;
-- A function that speaks with its owner's rights looks in its own schema only.
do $$ begin
    execute format('alter function audit_read set search_path = %I', current_schema());
end $$;
