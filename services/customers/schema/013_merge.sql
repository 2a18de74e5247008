-- Merged customers: the alias under which what is said of the old one counts on the survivor, what changed hands, pairs
-- that are no duplicates, and what other services tell for the timeline.

create table customer_alias (
    customer_id uuid primary key references customer (id),   -- the tombstone
    survivor_id uuid not null references customer (id),      -- never a tombstone itself
    merge_id uuid not null
);
create index customer_alias_survivor on customer_alias (survivor_id);

-- The customer and everybody merged into him: figures sum over these.
create function customer_and_merged(of uuid) returns setof uuid language sql stable rows 1 as
    'select $1 union all select customer_id from customer_alias where survivor_id = $1';

-- A tombstone stands in no list, search or grade; who he is now says customer_alias.
alter table customer add column is_merged boolean not null default false;

create table merge (
    id uuid primary key,                   -- UUIDv7: the order of time
    survivor_id uuid not null references customer (id),
    merged_id uuid not null references customer (id),
    reason text not null,                  -- personal; as somebody wrote it
    made_at timestamptz not null,
    made_by text not null,
    undone_at timestamptz,
    undone_by text,
    undo_reason text not null default '',  -- personal; as somebody wrote it
    check (survivor_id <> merged_id),
    check ((undone_at is null) = (undone_by is null))
);
create unique index merge_standing on merge (merged_id) where undone_at is null;
create index merge_survivor on merge (survivor_id, id desc);
create index merge_merged on merge (merged_id, id desc);

-- Row by row what a merge did beside the alias, for its undo. Ids and states only: nothing personal is kept twice.
create table merge_change (
    merge_id uuid not null references merge (id),
    what text not null,                    -- the table
    row_key text not null,                 -- of its row, beside customer_id
    act text not null check (act in ('moved', 'changed', 'added', 'removed')),
    before jsonb not null default '{}',    -- the columns that were changed, as they were
    after jsonb not null default '{}',     -- and as they are since: another value now stays
    was_returned boolean,                  -- by the undo; null: not undone
    primary key (merge_id, what, row_key)
);

-- An entitlement takes its uses along.
alter table entitlement_use drop constraint entitlement_use_customer_id_entitlement_id_fkey;
alter table entitlement_use add constraint entitlement_use_of foreign key (customer_id, entitlement_id)
    references entitlement (customer_id, id) on update cascade;

-- Nobody adds to a tombstone what would then be overlooked: he who read the customer before the merge decides again. The
-- statement has waited for the merge at the foreign key, and so sees it here.
create function merge_guard_tombstones() returns trigger language plpgsql as $$
begin
    perform stale_unless(not exists (select 1 from added join customer_alias a on a.customer_id = added.customer_id));
    return null;
end $$;
do $$
declare
    guarded text;
begin
    foreach guarded in array array['contact_link', 'decision_chain', 'decision_entry', 'customer_need', 'entitlement',
                                   'dealer', 'dealer_manager', 'dealer_memo', 'dealer_score', 'dealer_give_up',
                                   'ownership', 'pool_entry', 'handover_item', 'customer_fact',
                                   'customer_major_change'] loop
        execute format('create trigger merge_guard after insert on %I referencing new table as added'
                       ' for each statement execute function merge_guard_tombstones()', guarded);
    end loop;
end $$;

-- --- duplicates ---

-- What two spellings of a company's name have in common, from customer_search.name_key, which has letters and digits
-- only. The same as china_make_company_key (common/pure/china.h), which has the last word.
create function duplicate_name(name_key text) returns text language sql immutable parallel safe as
    'select replace(replace($1, ''有限责任公司'', ''''), ''有限公司'', '''')';
create index customer_search_company on customer_search (duplicate_name(name_key));
create index customer_fact_credit_code on customer_fact (value) where field = 'credit_code';

-- The telephones and e-mail addresses under which a customer is reached, by their keyed hash: those of his file and
-- those of his contacts. `seal_…` say where the sealed value stands (common/seal.h).
create view customer_reach as
    select customer_id, field = 'email' as is_email, value_hash, 'customer_fact.value' as seal_column,
           customer_id as seal_row, field as seal_part, value_sealed
    from customer_fact where value_hash is not null
    union all
    select l.customer_id, h.kind = 'email', h.value_hash, 'contact_channel.value', h.id, '', h.value_sealed
    from contact_channel h join contact_link l on l.contact_id = h.contact_id
    where h.kind in ('mobile', 'phone', 'email');

-- Two of whom somebody said that they are not one. The smaller id first.
create table duplicate_dismissed (
    a_id uuid not null references customer (id),
    b_id uuid not null references customer (id),
    at timestamptz not null,
    said_by text not null,
    reason text not null,                  -- personal; as somebody wrote it
    primary key (a_id, b_id),
    check (a_id < b_id)
);
create index duplicate_dismissed_b on duplicate_dismissed (b_id);

-- --- timeline ---

-- What happened and no table of this service says: events of other services, and what was taken away.
create table timeline_entry (
    customer_id uuid not null references customer (id),
    id uuid not null,
    at timestamptz not null,
    kind text not null,                    -- proto/kehu/customers/v1/timeline.proto
    what text not null default '',
    ref text not null default '',          -- an id or number of what it is about
    text text not null default '',         -- never a personal value: those stay where they belong
    net_micros bigint not null default 0,
    currency text not null default '',
    by text not null default '',
    is_historic boolean not null default false,
    primary key (customer_id, id)
);
create index timeline_entry_at on timeline_entry (customer_id, at desc, id desc);
