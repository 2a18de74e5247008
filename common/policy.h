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
/* Adds a version; stale when its predecessor is no longer the latest. */
void policy_add(struct request *req, const struct policy_row *row);

#endif
