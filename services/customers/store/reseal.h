/*
 * Sealing values again with the current key, column by column. What columns there are stands in one
 * table at the top of reseal.c: whoever makes another adds a line.
 */
#ifndef KEHU_CUSTOMERS_STORE_RESEAL_H
#define KEHU_CUSTOMERS_STORE_RESEAL_H

#include "common/flow.h"
#include "common/seal.h"

#define RESEAL_PART_BYTES 65
/* From a rotation until all processes have seen it: what they seal before is behind the walk. */
#define RESEAL_PAUSE_S 10

extern const struct pg_statement reseal_statements[];
extern const size_t reseal_statement_count;

extern const char *const reseal_columns[]; /* "customer_fact.value" */
extern const size_t reseal_column_count;
#define RESEAL_MAX_COLUMNS 8

/* How far a column is; all zeroes: no walk was ever begun. */
struct reseal_walk {
    uint32_t key_id;
    bool has_begun; /* its pause is over */
    bool is_done;
    struct id after;
    char after_part[RESEAL_PART_BYTES];
    int64_t version, unreadable;
    struct text waiting;
};
/* In the order of reseal_columns. */
void reseal_list_walks(struct request *req, struct reseal_walk walks[RESEAL_MAX_COLUMNS]);

/* Which ring the values were sealed with; `is_known` false: none were yet. */
struct reseal_ring {
    bool is_known;
    uint8_t fingerprint[SEAL_HASH_BYTES];
};
void reseal_find_ring(struct request *req, struct reseal_ring *out);
void reseal_add_ring(struct request *req, const uint8_t fingerprint[SEAL_HASH_BYTES]);

/* How many values stand under each key of a column; key 0: in plain. Slow. */
struct reseal_count {
    uint32_t key_id;
    int64_t values;
};
struct reseal_counts {
    struct reseal_count *list;
    size_t count;
};
void reseal_count_keys(struct request *req, size_t column, struct reseal_counts *out);

/* The next rows of a walk, whatever key they are under. */
struct reseal_row {
    struct id row;
    struct text part, sealed, plain; /* plain only where nothing is sealed yet */
};
struct reseal_rows {
    struct reseal_row *list;
    size_t count;
};
void reseal_list_rows(struct request *req, size_t column, const struct reseal_walk *walk,
                      struct reseal_rows *out);

/* Seals one row under the current key. A value that was changed meanwhile is left alone: whoever
 * changed it has sealed it. False: it does not open and stays as it is. */
bool reseal_row(struct request *req, size_t column, const struct reseal_row *row);

/* Begins a walk (`walk` as read), or saves how far it is. Stale when another process did. */
void reseal_begin_walk(struct request *req, size_t column, const struct reseal_walk *walk,
                       uint32_t key_id, const char *waiting);
void reseal_save_walk(struct request *req, size_t column, const struct reseal_walk *walk);

#endif
