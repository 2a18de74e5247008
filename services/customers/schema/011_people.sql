-- People: contacts, how they are reached, what they agreed to; who decides at a customer, what he needs and is entitled
-- to; agents and dealers.

create table contact (
    id uuid primary key,
    name text collate "C" not null,  -- personal; '' once erased
    gender text not null default '' check (gender in ('', 'female', 'male')),  -- personal
    salutation text not null default '',   -- personal; as he wishes to be addressed
    title text not null default '',        -- personal
    department text not null default '',
    birthday text not null default '',     -- personal; common/pure/lunar.h
    language text not null default '',
    is_key boolean not null default false,
    state text not null default 'active'
        check (state in ('active', 'left', 'restricted', 'erased')),
    source text not null default '',       -- where he is known from (fact source, or the import)
    added_at timestamptz not null,
    added_by text not null,
    version bigint not null default 1      -- rises with every change of him, his channels, links and consents
);
create index contact_named on contact (name, id);
create index contact_added on contact (added_at, id);
create index contact_key_people on contact (id) where is_key;

-- By what a contact is found: beginnings of his name from each of its characters on, of pinyin and initials.
create table contact_key (
    key text collate "C" not null,         -- personal
    contact_id uuid not null references contact (id),
    primary key (key, contact_id)
);
create index contact_key_contact on contact_key (contact_id);

-- Many-to-many: a person may belong to several customers, with a role in each.
create table contact_link (
    customer_id uuid not null references customer (id),
    contact_id uuid not null references contact (id),
    role text not null default '',         -- domain/people.h
    title text not null default '',        -- personal; where it differs from the contact's own
    department text not null default '',
    is_primary boolean not null default false,
    linked_at timestamptz not null,
    linked_by text not null,
    primary key (customer_id, contact_id)
);
create index contact_link_contact on contact_link (contact_id);
create unique index contact_link_primary on contact_link (customer_id) where is_primary;

create table contact_channel (
    contact_id uuid not null references contact (id),
    id uuid not null,
    kind text not null,                    -- "mobile", "phone", "email", "wechat", …
    value_sealed bytea not null,           -- personal; common/seal.h, "contact_channel.value", row: the channel's id
    value_hash bytea not null,             -- keyed
    last_four text not null default '',    -- personal
    preference integer not null,           -- 1 first
    status text not null default 'unverified' check (status in ('unverified', 'verified', 'wrong')),
    verified_on date,
    is_opted_out boolean not null default false,
    added_at timestamptz not null,
    added_by text not null default '',
    primary key (contact_id, id)
);
create unique index contact_channel_id on contact_channel (id);  -- the order in which they are sealed again
create index contact_channel_hash on contact_channel (value_hash);
create index contact_channel_last_four on contact_channel (last_four) where last_four <> '';
create unique index contact_channel_once on contact_channel (contact_id, kind, value_hash);

-- What he agreed to and what not, as it was told: rows are added, never changed. What holds is decided by
-- domain/consent.c from all of them.
create table contact_consent (
    contact_id uuid not null references contact (id),
    id uuid not null,
    purpose text not null check (purpose in ('service', 'care', 'marketing', 'survey', 'profile')),
    channel text not null check (channel in ('any', 'phone', 'sms', 'email', 'wechat', 'post', 'visit')),
    state text not null check (state in ('granted', 'refused', 'withdrawn', 'unknown')),
    evidence text not null,                -- personal; how we know: the form, the recording, the message
    given_on date not null,
    expires_on date,                       -- the last day it holds
    source text not null default '',
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (contact_id, id)
);

-- Family, native place, school …: only where policy `people` names the field and the person agreed (purpose profile).
create table contact_sensitive (
    contact_id uuid not null references contact (id),
    field text not null,                   -- domain/people.h
    value_sealed bytea not null,           -- personal; "contact_sensitive.value", row contact_id, part: the field
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (contact_id, field)
);

-- The decision chain of a customer. One version for all of it: a circle is made by two rows.
create table decision_chain (
    customer_id uuid primary key references customer (id),
    version bigint not null
);
create table decision_entry (
    customer_id uuid not null references customer (id),
    contact_id uuid not null references contact (id),
    role text not null check (role in ('decider', 'influencer', 'supporter', 'opponent')),
    duty text not null default '',
    preference text not null default '',   -- personal
    "character" text not null default '',  -- personal
    approach text not null default '',     -- personal
    reports_to uuid references contact (id),  -- also in the chain of this customer
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (customer_id, contact_id)
);
create index decision_entry_contact on decision_entry (contact_id);
create index decision_entry_decider on decision_entry (customer_id) where role = 'decider';
create index customer_fact_staff on customer_fact ((value::numeric), customer_id) where field = 'staff_count';

create table customer_need (
    customer_id uuid not null references customer (id),
    id uuid not null,
    contact_id uuid references contact (id),  -- who told it
    kind text not null check (kind in ('explicit', 'latent')),
    description text not null,             -- personal
    motive text not null default '',       -- personal
    budget_micros bigint check (budget_micros >= 0),  -- null: not known
    currency text not null default '',
    told_on date not null,
    wanted_on date,
    source text not null default '',
    state text not null check (state in ('open', 'met', 'lost', 'dropped')),
    ended_on date,
    added_at timestamptz not null,
    added_by text not null,
    version bigint not null default 1,
    primary key (customer_id, id)
);
create index customer_need_open on customer_need (customer_id, told_on) where state = 'open';

create table entitlement (
    customer_id uuid not null references customer (id),
    id uuid not null,
    kind text not null check (kind in ('care', 'custom_product', 'tech_support', 'exclusive_after_sales')),
    description text not null default '',
    from_on date not null,
    to_on date,                            -- the last day; null: until further notice
    allowance integer check (allowance > 0),  -- uses in all; null: no limit
    used integer not null default 0 check (used >= 0),
    state text not null default 'active' check (state in ('active', 'ended')),
    added_at timestamptz not null,
    added_by text not null,
    version bigint not null default 1,
    primary key (customer_id, id),
    check (allowance is null or used <= allowance)
);
create table entitlement_use (
    customer_id uuid not null,
    entitlement_id uuid not null,
    id uuid not null,
    used_on date not null,
    quantity integer not null check (quantity > 0),
    note text not null default '',         -- personal
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (customer_id, entitlement_id, id),
    foreign key (customer_id, entitlement_id) references entitlement (customer_id, id)
);

-- Agents and dealers: customers of party type channel.
create table dealer (
    customer_id uuid primary key references customer (id),
    shareholders text not null default '', -- personal
    organisation text not null default '',
    local_strength text not null default '',
    standing text not null default '',
    local_economy text not null default '',
    staff_count integer check (staff_count >= 0),
    annual_sales_micros bigint check (annual_sales_micros >= 0),
    annual_contracts integer check (annual_contracts >= 0),
    state text not null default 'active' check (state in ('active', 'given_up')),
    given_up_on date,
    version bigint not null default 1
);
create table dealer_manager (              -- who looked after the area for us
    customer_id uuid not null references customer (id),
    id uuid not null,
    name text not null,                    -- personal
    from_on date not null,
    to_on date,
    memo text not null default '',         -- personal
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (customer_id, id)
);
create table dealer_memo (                 -- of past cooperation
    customer_id uuid not null references customer (id),
    id uuid not null,
    on_day date not null,
    memo text not null,                    -- personal
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (customer_id, id)
);
create table dealer_score (
    customer_id uuid not null references customer (id),
    id uuid not null,
    scored_on date not null,
    points integer[] not null check (cardinality(points) = 7),  -- in the order of domain/dealer.h
    total_micros bigint not null,
    is_false_enthusiasm boolean not null,
    policy_version integer not null,
    note text not null default '',         -- personal
    recorded_at timestamptz not null,
    recorded_by text not null,
    is_latest boolean not null,
    primary key (customer_id, id)
);
create unique index dealer_score_latest on dealer_score (customer_id) where is_latest;
create index dealer_score_total on dealer_score (total_micros desc, customer_id) where is_latest;
create table dealer_give_up (
    customer_id uuid not null references customer (id),
    id uuid not null,
    reason text not null,                  -- domain/dealer.h
    explanation text not null,             -- personal
    successor_id uuid references customer (id),
    state text not null check (state in ('proposed', 'approved', 'rejected', 'withdrawn')),
    proposed_at timestamptz not null,
    proposed_by text not null,
    decided_at timestamptz,
    decided_by text,
    note text not null default '',         -- personal
    primary key (customer_id, id),
    check ((state = 'proposed') = (decided_at is null)),
    check (state <> 'approved' or decided_by <> proposed_by)
);
create unique index dealer_give_up_open on dealer_give_up (customer_id) where state = 'proposed';
create index dealer_give_up_state on dealer_give_up (state, proposed_at, id);
