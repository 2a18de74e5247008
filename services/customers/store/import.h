/*
 * Imports: their records, what became of each row, what was there before, and what is known of
 * those whom rows are about. Many rows make one statement each.
 */
#ifndef KEHU_CUSTOMERS_STORE_IMPORT_H
#define KEHU_CUSTOMERS_STORE_IMPORT_H

#include "common/flow.h"
#include "common/seal.h"
#include "services/customers/domain/file.h"
#include "services/customers/domain/import_record.h"

extern const struct pg_statement import_statements[];
extern const size_t import_statement_count;
extern const struct pg_statement import_row_statements[];
extern const size_t import_row_statement_count;

/* --- records (import.c) --- */

void import_find(struct request *req, int64_t number, struct import_record *out);
/* The open one of the same file, settings and asker. */
void import_find_open(struct request *req, const struct import_settings *settings,
                      struct text file_hash, const char *by, struct import_record *out);
/* Latest first, before number `before` (0: from the latest), at most `limit`. */
void import_list(struct request *req, enum import_kind kind, int64_t before, uint32_t limit,
                 struct import_records *out);
void import_take_number(struct request *req, int64_t *out);
void import_add(struct request *req, const struct import_record *record, const char *by);

/* What a batch adds to the figures; stale when the import is no longer open. */
struct import_figures {
    int64_t accepted, updated, unchanged, rejected;
};
void import_count(struct request *req, int64_t number, const struct import_figures *more);
void import_finish(struct request *req, int64_t number, int64_t lines, int64_t broken_lines);

/* A job: former values of imports that can be undone no longer are deleted, some thousand at a
 * time. */
enum flow import_forget(struct request *req);

/* --- rows (import_row.c) --- */

/* Which of these lines are written already. */
void import_list_written(struct request *req, int64_t number, const int64_t *lines, size_t count,
                         struct import_lines *out);
/* A line that was rejected may be tried again: its row goes, and the figure with it. */
void import_drop_rejected(struct request *req, int64_t number, int64_t line);
void import_add_line(struct request *req, int64_t number, const struct import_line *line);
/* By line, after `after`; bits of 1 << enum import_outcome, 0: all. */
void import_list_lines(struct request *req, int64_t number, unsigned outcomes, bool only_kept,
                       int64_t after, uint32_t limit, struct import_lines *out);

/* What a field was before the row wrote it; `before` NULL: nothing. */
struct import_former {
    int64_t line;
    struct id customer, contact; /* one of them */
    const char *field;
    const struct fact *before;
    struct text written; /* of party_type, nature and region */
};
void import_add_former(struct request *req, int64_t number, const struct import_former *former);
#define IMPORT_PART_BYTES 64
struct seal_place import_former_place(int64_t number, int64_t line, const struct id *of,
                                      const char *field, char part[IMPORT_PART_BYTES]);

/* Customers whom a source's ids mean; merged ones as their survivor. The state has no facts. */
struct import_customer {
    struct text external_id;
    struct file_row row;
};
struct import_customers {
    struct import_customer *list;
    size_t count;
};
struct pg_args *import_ask_customers(struct request *req);
void import_ask_add_customer(struct pg_args *question, struct text source, struct text external_id);
void import_find_customers(struct request *req, struct pg_args *question,
                           struct import_customers *out);

/* Facts of many: sorted by customer. */
struct import_facts {
    struct id *customers;
    struct fact *list; /* list[i] is of customers[i] */
    size_t count;
};
void import_list_facts(struct request *req, const struct id *customers, size_t count,
                       struct import_facts *out);

/* What of the told are regions: by code, or by name where no code is so. */
struct import_region {
    struct text told, code;
    bool is_ambiguous; /* several have the name */
};
struct import_regions {
    struct import_region *list;
    size_t count;
};
void import_find_regions(struct request *req, const struct text *told, size_t count,
                         struct import_regions *out);

/* Saves a known file; with another version than the one read the unit is stale. */
void import_save_customer(struct request *req, const struct file_row *before,
                          const struct file_state *after, const struct fact *name,
                          const struct fields_score *score);

#endif
