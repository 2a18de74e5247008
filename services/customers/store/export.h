/*
 * Exports: what was asked, the rows of the day, and pages of rows.
 */
#ifndef KEHU_CUSTOMERS_STORE_EXPORT_H
#define KEHU_CUSTOMERS_STORE_EXPORT_H

#include "common/flow.h"
#include "services/customers/domain/export_record.h"

extern const struct pg_statement export_statements[];
extern const size_t export_statement_count;

/* Rows that this asker has exported on that day. */
void export_find_used(struct request *req, const char *by, int32_t day, int64_t *rows);
/* How many rows there are, at most `limit`, and the last customer's number. */
struct export_counted {
    int64_t rows, last_number;
};
void export_count(struct request *req, const struct export_filter *filter, int64_t limit,
                  struct export_counted *out);
void export_take_number(struct request *req, int64_t *out);
void export_add(struct request *req, const struct export_record *record, const char *by);
/* Stale when the asker has exported something else since `seen` was read. */
void export_use(struct request *req, const char *by, int32_t day, int64_t rows, int64_t seen);

void export_find(struct request *req, int64_t number, struct export_record *out);
/* The rows behind `after`, by customer's number and contact's id, as far as the asker's scope goes.
 */
void export_list(struct request *req, const struct export_record *record,
                 const struct export_place *after, uint32_t limit, struct export_rows *out);

#endif
