-- The region tree, and what the sources' names for regions mean. An order region without a mapping is a grading
-- region of its own under the name the source wrote.
create table region (
    code text primary key,
    name text not null,
    parent_code text references region (code),
    is_grading boolean not null default false
);
-- One row: every change of the tree or of what refers to it counts it up, guarded by what was read.
create table region_tree (
    version bigint not null,
    only_one boolean primary key default true check (only_one)
);
insert into region_tree (version) values (1);
alter table order_region add column region_code text references region (code);
create index order_region_code on order_region (region_code) where region_code is not null;
alter table customer add constraint customer_region foreign key (region_code) references region (code);
