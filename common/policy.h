/*
 * Policies as rows: versioned documents in canonical protobuf JSON, the latest valid one in force.
 * Version 1 of each kind is built into the program.
 */
#ifndef KEHU_POLICY_H
#define KEHU_POLICY_H

#include "common/flow.h"

extern const struct pg_statement policy_statements[];
extern const size_t policy_statement_count;

struct policy_row {
    const char *kind;
    uint32_t version;
    int64_t valid_from_us;
    const char *by, *reason;
    const char *document; /* canonical JSON */
};

struct policy_rows {
    struct policy_row *list; /* latest version first; without the built-in one */
    size_t count;
};

void policy_list(struct request *req, const char *kind, struct policy_rows *out);
/*
 * A look at what there is, for processes that keep what they read: the rows of all kinds, latest
 * version first within a kind, when there are others than `known` of them; else none. They are
 * handed to `arrived`, before the next step.
 */
struct policy_look {
    int64_t known;       /* how many rows there were; -1: not known */
    const char *without; /* documents of this kind are not wanted: "" in their place */
    void (*arrived)(struct policy_look *look, struct arena *arena);
    void *owner;
    struct policy_rows rows;
};
void policy_look(struct request *req, struct policy_look *look);
/* Likewise of one kind at most the row in force at that moment; none: the built-in one. `known` and
 * `without` are not looked at. */
void policy_look_at(struct request *req, const char *kind, int64_t at_us, struct policy_look *look);

/* Adds a version; stale when its predecessor is no longer the latest. */
void policy_add(struct request *req, const struct policy_row *row);

#endif
