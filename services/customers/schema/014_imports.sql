-- Imports of customers and contacts, what became of each row, and what was there before; exports and their quota.

create sequence import_number;
create table import (
    number bigint primary key,
    kind text not null check (kind in ('customers', 'contacts')),
    source text not null,
    known text not null check (known in ('keep', 'update')),
    fact_source text not null,
    file_name text not null,
    file_hash text not null,
    state text not null default 'open' check (state in ('open', 'finished', 'undoing', 'undone')),
    started_by text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    accepted bigint not null default 0,   -- of its rows; each batch raises them
    updated bigint not null default 0,
    unchanged bigint not null default 0,
    rejected bigint not null default 0,
    lines bigint not null default 0,      -- of the file, told at its end
    broken_lines bigint not null default 0,
    removed bigint not null default 0,    -- by the undo
    restored bigint not null default 0,
    kept bigint not null default 0,
    undone_by text not null default '',
    undone_at timestamptz,
    undo_reason text not null default '',
    is_forgotten boolean not null default false  -- its former values are gone: no undo any more
);
-- The same file goes on with the same import.
create unique index import_open on import (started_by, kind, source, known, fact_source, file_hash)
    where state = 'open';
create index import_old on import (started_at) where not is_forgotten;

create table import_row (
    import bigint not null references import (number),
    line bigint not null,
    outcome text not null check (outcome in ('accepted', 'updated', 'unchanged', 'rejected')),
    customer_id uuid,                -- null: rejected
    contact_id uuid,                 -- of an import of contacts
    version bigint not null,         -- of the customer's file or the contact, as the row left it
    undo text not null default '' check (undo in ('', 'removed', 'restored', 'kept', 'nothing')),
    kept_because text not null default '',
    primary key (import, line)
) with (fillfactor = 90);
create index import_row_to_undo on import_row (import, line desc) where undo = '' and outcome in ('accepted', 'updated');
-- A row that was taken back raised the version twice and left nothing: earlier rows about the same one do not count it.
create index import_row_restored on import_row ((coalesce(contact_id, customer_id)))
    where undo = 'restored' and kept_because = '';

-- What a field held before the row wrote it. Forgotten 90 days after the import was started. Values are sealed whatever
-- the field.
create table import_former (
    import bigint not null references import (number),
    line bigint not null,
    customer_id uuid,
    contact_id uuid,
    field text not null,
    value_sealed bytea,              -- personal; "import_former.value", row: customer_id or contact_id, part: "12:5:phone"; null: there was none
    source text not null default '',
    collector text not null default '',
    status text not null default '',
    verified_on date,
    written text not null default '',    -- of party_type, nature and region: what the row wrote
    written_at timestamptz not null,     -- who finds a fact of another moment leaves it
    primary key (import, line, field)
);
create index import_former_customer on import_former (customer_id) where customer_id is not null;
create index import_former_contact on import_former (contact_id) where contact_id is not null;

-- A contact as another system knows him: (source, external_id) → contact.
create table contact_ref (
    source text not null,
    external_id text not null,
    contact_id uuid not null references contact (id),
    added_at timestamptz not null,
    primary key (source, external_id)
);
create index contact_ref_contact on contact_ref (contact_id);

-- Exports: what was asked, by whom, and how many rows it took from the quota of the day.
create sequence export_number;
create table export (
    number bigint primary key,
    kind text not null check (kind in ('customers', 'contacts')),
    asked_by text not null,
    asked_at timestamptz not null,
    party_types text[] not null,
    region text not null,
    grade text not null,
    parent_id uuid,
    only_incomplete boolean not null,
    is_unmasked boolean not null,
    reason text not null,
    rows bigint not null,
    last_number bigint not null      -- of the last customer counted: later ones are not in it
);
create index export_asked on export (asked_at desc, number);

create table export_day (
    asked_by text not null,
    day date not null,
    rows bigint not null,
    primary key (asked_by, day)
);

-- Of these customers those to whom somebody wrote something in a table that has customer_id, whoever made that table and
-- when. Left out is what goes with the customer himself, what is calculated, and what is asked about by name.
create function import_with_more(of uuid[]) returns setof uuid language plpgsql stable as $$
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
                'grade_history', 'import_row', 'import_former')
    loop
        return query execute format('select distinct customer_id from %I where customer_id = any($1)', asked) using of;
    end loop;
    return query select customer_id from grade_current where customer_id = any(of) and override_reason is not null;
end $$;

-- The same of contacts: a decision chain he stands in, a need he told …
create function import_people_with_more(of uuid[]) returns setof uuid language plpgsql stable as $$
declare
    asked name;
begin
    for asked in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.attname = 'contact_id' and a.atttypid = 'uuid'::regtype
            and has_table_privilege(c.oid, 'select')
            and c.relname not in ('contact_key', 'contact_link', 'contact_channel', 'contact_ref', 'import_row',
                'import_former')
    loop
        return query execute format('select distinct contact_id from %I where contact_id = any($1)', asked) using of;
    end loop;
end $$;
