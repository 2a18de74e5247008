-- The region tree, and what the sources' names for regions mean. An order region without a mapping is a grading
-- region of its own under the name the source wrote.
create table region (
    code text primary key,
    name text not null,
    parent_code text references region (code),
    is_grading boolean not null default false
);
alter table order_region add column region_code text references region (code);
alter table customer add constraint customer_region foreign key (region_code) references region (code);
