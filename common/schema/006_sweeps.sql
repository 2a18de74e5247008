-- Sweeps: which process takes the due rows of which kind now. Economy only: each set is guarded by its own rows.
create table sweep (
    name text primary key,
    lease text not null,
    leased_until timestamptz not null       -- by the database's clock, which no virtual clock moves
);
