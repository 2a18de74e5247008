-- Who looks after whom: intervals, never overlapping, so that every past moment has its answer.

create table ownership (
    customer_id uuid not null references customer (id),
    id uuid not null,
    staff_id uuid not null references staff (id),
    role text not null default 'owner' check (role in ('owner', 'team')),
    from_at timestamptz not null,
    to_at timestamptz,                     -- null: now
    made_by text not null,
    reason text not null,                  -- "manual", "rule", "handover", "decision", "pool", "import", "merge"
    note text not null default '',         -- personal; as somebody wrote it
    ended_by text,
    end_reason text,                       -- as reason; also "left"
    handover_id uuid,                      -- that made it
    rule text not null default '',         -- that chose him
    -- The public pool: the last known contact ('-infinity': from_at), when the owner was warned since, and when to
    -- look next; 'infinity': he has bought and cannot fall into it.
    idle_from timestamptz not null default '-infinity',
    warned_at timestamptz,
    pool_next_at timestamptz not null default '-infinity',
    primary key (customer_id, id),
    check (to_at is null or to_at >= from_at)
);
create unique index ownership_one_owner on ownership (customer_id) where to_at is null and role = 'owner';
create unique index ownership_once on ownership (customer_id, staff_id) where to_at is null;
create index ownership_staff on ownership (staff_id, customer_id) where to_at is null;
create index ownership_pool on ownership (pool_next_at, customer_id) where to_at is null and role = 'owner';

-- New customers wait for the owner rules; a job takes them in sets. 'none': a party nobody looks after (suppliers …).
-- Whoever changes the intervals of a customer raises owner_version, guarded by the one he read.
alter table customer add column owner_state text not null default 'waiting'
    check (owner_state in ('waiting', 'owned', 'unassigned', 'pool', 'none'));
alter table customer add column owner_version integer not null default 1;
update customer set owner_state = 'none' where party_type not in ('customer', 'channel');
create index customer_owner_waiting on customer (id) where owner_state = 'waiting';
create index customer_owner_unassigned on customer (id) where owner_state = 'unassigned';

-- Of whom CustomerUnowned was told; gone when he has an owner.
create table owner_alert (
    customer_id uuid primary key references customer (id),
    at timestamptz not null
);

-- Which version of the owner rules everybody unassigned was looked at by, and how far a new look is.
create table owner_rules_pass (
    version integer not null,
    next_id uuid not null,
    is_running boolean not null,
    only_one boolean primary key default true check (only_one)
);
insert into owner_rules_pass (version, next_id, is_running)
    values (1, '00000000-0000-0000-0000-000000000000', false);

create table handover (
    id uuid primary key,                   -- UUIDv7: the order of time
    from_id uuid not null references staff (id),
    to_id uuid references staff (id),      -- null: by rule
    manager_id uuid references staff (id), -- who decides on objections; null: nobody above him
    leaves boolean not null,
    tells_customers boolean not null,
    note text not null,                    -- personal; as somebody wrote it
    made_by text not null,
    at timestamptz not null,
    customers bigint not null
);
create index handover_from on handover (from_id, id);

create table handover_receiver (
    handover_id uuid not null references handover (id),
    staff_id uuid not null references staff (id),
    customers bigint not null,
    due_at timestamptz not null,           -- then what is pending is taken as accepted
    as_manager boolean not null,
    primary key (handover_id, staff_id)
);
create index handover_receiver_staff on handover_receiver (staff_id, handover_id);

create table handover_item (
    customer_id uuid not null references customer (id),
    handover_id uuid not null references handover (id),
    receiver_id uuid not null references staff (id),
    state text not null default 'pending' check (state in
        ('pending', 'acknowledged', 'accepted', 'objected', 'kept', 'given', 'overtaken')),
    rule text not null,                    -- that chose the receiver; '': named, or the manager
    as_manager boolean not null,
    objection text not null default '',    -- personal; as somebody wrote it
    decision text not null default '',     -- personal; as somebody wrote it
    decided_by text not null default '',
    changed_at timestamptz not null,
    primary key (customer_id, handover_id)
);
create index handover_item_page on handover_item (handover_id, customer_id);
create index handover_item_open on handover_item (receiver_id, handover_id, customer_id)
    where state in ('pending', 'objected');

-- The public pool: who is in it (left_at null), and who was.
create table pool_entry (
    customer_id uuid not null references customer (id),
    id uuid not null,
    from_id uuid references staff (id),    -- the owner until then
    pooled_at timestamptz not null,
    reason text not null,                  -- "idle", "released"
    note text not null default '',         -- personal; as somebody wrote it
    left_at timestamptz,
    taken_by uuid references staff (id),
    taken_on date,
    primary key (customer_id, id)
);
create unique index pool_entry_once on pool_entry (customer_id) where left_at is null;
create index pool_entry_present on pool_entry (pooled_at, customer_id) where left_at is null;
create index pool_entry_taken on pool_entry (taken_by, taken_on) where taken_by is not null;
