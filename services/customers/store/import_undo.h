/*
 * Taking imports back: what stands of their rows, what was there before, and the writes of a part.
 */
#ifndef KEHU_CUSTOMERS_STORE_IMPORT_UNDO_H
#define KEHU_CUSTOMERS_STORE_IMPORT_UNDO_H

#include "services/customers/store/import.h"

extern const struct pg_statement import_undo_statements[];
extern const size_t import_undo_statement_count;

/* The next rows that made or changed somebody, latest first. */
void import_undo_list(struct request *req, int64_t number, uint32_t limit,
                      struct import_lines *out);

/* How many later rows about the same customer or contact were taken back whole; one per line, in
 * their order: `out` has as many places. Each raised the version twice. */
void import_undo_list_restored(struct request *req, const struct import_lines *lines, int64_t *out);

/* How those stand whom the rows are about; in no order. */
struct import_stood {
    struct id id;
    struct import_standing standing; /* is_changed is not told: `row.file_version` says */
    struct file_row row;             /* of a customer; without facts */
};
struct import_stoods {
    struct import_stood *list;
    size_t count;
};
void import_undo_find_customers(struct request *req, const struct id *customers, size_t count,
                                struct import_stoods *out);

/* What was there before the rows. */
struct import_before {
    int64_t line;
    const char *name;          /* "phone", "region"; of contacts also "link", "channel:<id>" */
    const struct field *field; /* NULL: a word, or of a contact */
    const char *word;          /* "party_type", "nature", "region"; NULL: a fact */
    bool was_there, is_readable;
    struct fact fact;    /* as it was; its value also of a word */
    struct text written; /* of a word */
    int64_t written_at_us;
};
struct import_befores {
    struct import_before *list; /* by line */
    size_t count;
};
void import_undo_list_before(struct request *req, int64_t number, const int64_t *lines,
                             size_t count, struct import_befores *out);

/* A tombstone: no name, facts or references, in no list. Stale when he was changed or got an order
 * or a contact since he was looked at. */
void import_undo_remove_customer(struct request *req, const struct file_row *customer,
                                 const char *by);
/* What became of a row; stale when another undo was there first. */
void import_undo_mark(struct request *req, int64_t number, int64_t line, const char *undo,
                      const char *kept_because);
struct import_undone {
    int64_t removed, restored, kept;
    bool is_last;
};
void import_undo_count(struct request *req, int64_t number, const struct import_undone *more,
                       const char *by, struct text reason);

#endif
