-- The customer file as orders create it: customers, the references other systems know them by, and the
-- regions as the sources write them.

create sequence customer_number;

create table customer (
    id uuid primary key,
    number bigint not null unique,
    party_type text not null default 'customer'
        check (party_type in ('customer', 'anonymous')),
    is_incomplete boolean not null,
    registered_at timestamptz not null,
    is_historic boolean not null,
    name text,                       -- personal
    name_known_at timestamptz        -- business time of the event that told the name
);

-- (source, external_id) → customer: a key table, unique over all customers.
create table customer_ref (
    source text not null,
    external_id text not null,
    customer_id uuid not null references customer (id),
    added_at timestamptz not null,
    primary key (source, external_id)
);
create index customer_ref_customer on customer_ref (customer_id, added_at);

-- A region as a source writes it. Its id is also the id of the region's anonymous customer, to whom
-- the orders without a customer belong.
create table order_region (
    source text not null,
    name text not null,              -- may be empty: the source gave none
    id uuid not null unique references customer (id),
    primary key (source, name)
);
