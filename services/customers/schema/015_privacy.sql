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

-- The values of a person who is restricted: taken out of their tables, so that nobody comes across them, and kept sealed
-- until they are put back or the last hold ends. One row holds an array of rows of one table.
create table person_vault (
    person_id uuid not null references person_erasure (person_id),
    id uuid not null,                      -- UUIDv7: the order in which they were taken out
    part text not null,                    -- the table
    rows_sealed bytea not null,            -- common/seal.h, "person_vault.rows", row: this id; only the privacy officer opens it
    primary key (person_id, id)
);

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
