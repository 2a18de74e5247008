-- Policies: versioned documents, canonical protobuf JSON. Version 1 of each kind is built into the program and has no row.
create table policy (
    kind text not null,
    version integer not null check (version > 1),
    valid_from timestamptz not null,
    made_by text not null,
    reason text not null,
    document text not null,
    primary key (kind, version)
);
