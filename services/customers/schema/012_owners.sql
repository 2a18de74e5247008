-- Who looks after whom: intervals, never overlapping, so that every past moment has its answer.

create table ownership (
    customer_id uuid not null references customer (id),
    id uuid not null,
    staff_id uuid not null references staff (id),
    role text not null default 'owner' check (role in ('owner', 'team')),
    from_at timestamptz not null,
    to_at timestamptz,                     -- null: now
    made_by text not null,
    reason text not null,                  -- "rule", "manual", "handover", "pool", "merge", …
    ended_by text,
    primary key (customer_id, id),
    check (to_at is null or to_at >= from_at)
);
create unique index ownership_one_owner on ownership (customer_id) where to_at is null and role = 'owner';
create unique index ownership_once on ownership (customer_id, staff_id) where to_at is null;
create index ownership_staff on ownership (staff_id, customer_id) where to_at is null;

-- New customers wait for the owner rules; a job takes them in sets. 'none': a party nobody looks after (suppliers …).
alter table customer add column owner_state text not null default 'waiting'
    check (owner_state in ('waiting', 'owned', 'unassigned', 'pool', 'none'));
create index customer_owner_waiting on customer (id) where owner_state = 'waiting';
create index customer_owner_unassigned on customer (id) where owner_state = 'unassigned';
