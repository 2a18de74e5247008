-- Orders: what was said about each document, and the figures that follow.

-- A document by the number its source gave it, unique for ever, and what is known of it apart from its content.
-- It exists from the first event about it, which need not be the one with the content.
create table order_key (
    source text not null,
    number text not null,
    order_id uuid not null,
    version integer not null,        -- counts changes; the guard of concurrent savers
    kind integer not null,           -- 1 order, 2 adjustment, 3 return; 0 while nobody has said it
    has_content boolean not null,
    cancelled_at timestamptz,
    paid_at timestamptz,             -- of the last payment
    delivered_at timestamptz,        -- of the last delivery
    primary key (source, number)
) with (fillfactor = 90);

create table orders (
    customer_id uuid not null,       -- the region's anonymous customer when the source named none
    id uuid not null,
    source text not null,
    number text not null,
    order_number text not null,      -- of a return: the order it belongs to, where known
    revision bigint not null,
    content_at timestamptz not null, -- business time and id of the event whose content this is
    content_event text not null,
    ordered_at timestamptz not null,
    day date not null,               -- local date in business time
    region_id uuid not null,
    currency text not null check (length(currency) = 3),
    lines integer not null,
    net_micros bigint not null,      -- exact sum of the lines, each rounded once
    is_historic boolean not null,
    primary key (id, customer_id)
);
create index orders_customer on orders (customer_id, ordered_at desc);

create table order_line (
    order_id uuid not null,
    customer_id uuid not null,
    day date not null,
    line integer not null,
    product text not null,
    description text not null,
    batch text not null,
    quantity_micros bigint not null,
    unit_price_micros bigint not null,
    amount_micros bigint not null,
    primary key (order_id, line, customer_id, day)
) partition by range (day);
do $$
begin
    execute 'create table order_line_before partition of order_line'
            ' for values from (minvalue) to (''2000-01-01'')';
    for year in 2000..2049 loop
        execute format('create table order_line_%s partition of order_line for values from (%L) to (%L)',
                       year, year || '-01-01', (year + 1) || '-01-01');
    end loop;
    execute 'create table order_line_after partition of order_line'
            ' for values from (''2050-01-01'') to (maxvalue)';
end $$;

create table order_payment (
    source text not null,
    number text not null,
    event_id text not null,
    paid_at timestamptz not null,
    currency text not null,
    amount_micros bigint not null,
    primary key (source, number, event_id)
);

-- Net sales per customer, region, local day and currency, kept current by each commit. A cancelled
-- document counts nowhere.
create table sales_figure (
    customer_id uuid not null,
    region_id uuid not null,
    day date not null,
    currency text not null,
    orders bigint not null,
    lines bigint not null,
    net_micros bigint not null,
    primary key (customer_id, day, region_id, currency)
) with (fillfactor = 90);
create index sales_figure_day on sales_figure (day);
