-- People: contacts, how they are reached, what they agreed to.

create table contact (
    id uuid primary key,
    name text not null,              -- personal; '' once erased
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
    version bigint not null default 1
);

-- Many-to-many: a person may belong to several customers, with a role in each.
create table contact_link (
    customer_id uuid not null references customer (id),
    contact_id uuid not null references contact (id),
    role text not null default '',
    title text not null default '',        -- personal; where it differs from the contact's own
    department text not null default '',
    is_primary boolean not null default false,
    linked_at timestamptz not null,
    linked_by text not null,
    primary key (customer_id, contact_id)
);
create index contact_link_contact on contact_link (contact_id);

create table contact_channel (
    contact_id uuid not null references contact (id),
    id uuid not null,
    kind text not null,                    -- "mobile", "phone", "email", "wechat", …
    value_sealed bytea not null,           -- personal; common/seal.h, context "contact_channel.value"
    value_hash bytea not null,             -- keyed
    last_four text not null default '',    -- personal
    preference integer not null,           -- 1 first
    status text not null default 'unverified',
    verified_on date,
    is_opted_out boolean not null default false,
    added_at timestamptz not null,
    primary key (contact_id, id)
);
create index contact_channel_hash on contact_channel (value_hash);
