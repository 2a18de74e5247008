-- Merged customers: the alias under which what is said of the old one counts on the survivor.

create table customer_alias (
    customer_id uuid primary key references customer (id),   -- the tombstone
    survivor_id uuid not null references customer (id),      -- never a tombstone itself
    merge_id uuid not null
);
create index customer_alias_survivor on customer_alias (survivor_id);

-- The customer and everybody merged into him: figures sum over these.
create function customer_and_merged(of uuid) returns setof uuid language sql stable rows 1 as
    'select $1 union all select customer_id from customer_alias where survivor_id = $1';
