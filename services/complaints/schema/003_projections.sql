-- What this service must know of the customers service, kept by its consumer.
create table customer_seen (
    customer_id uuid primary key,
    grade char(1),
    owner_id uuid,
    survivor_id uuid,                       -- merged into
    is_restricted boolean not null default false,
    last_order_on date
);
create table customer_reference (           -- source:external_id → customer
    source text not null,
    external_id text not null,
    customer_id uuid not null,
    primary key (source, external_id)
);
create index customer_reference_customer on customer_reference (customer_id);
create table customer_order (
    customer_id uuid not null,
    order_id uuid not null,
    day date not null,
    net_micros bigint not null,
    currency text not null,
    primary key (customer_id, order_id)
);
create table staff_seen (
    staff_id uuid primary key,
    code text not null unique,
    roles text[] not null,
    unit text not null default '',
    manager_id uuid,
    deputy_id uuid,
    absent_from date,
    absent_to date,
    is_active boolean not null
);
