/*
 * Rows to the service in batches, several on the way at a time, each sent again by libkehu until it
 * is answered. A batch's id follows from the import and its rows, so that whoever was killed and
 * begins again is answered from the receipts. What is wrong comes in the order of the file.
 */
#ifndef KEHU_IMPORT_PUSH_H
#define KEHU_IMPORT_PUSH_H

#include "clients/kehuctl/ctl.h"
#include "clients/kehuctl/import_report.h"
#include "kehu/customers/v1/imports.pb-c.h"

#define IMPORT_PUSH_MAX_BATCH 500
#define IMPORT_PUSH_MAX_IN_FLIGHT 32
#define IMPORT_PUSH_BATCH_BYTES ((size_t)1 << 20)

struct import_push_options {
    struct ctl *ctl;
    const char *import_number; /* NULL: only check */
    const Kehu__Customers__V1__ImportSettings *settings;
    char **columns;           /* fields, in the order of values */
    const size_t *places;     /* of the columns in the file, from 1 */
    const char *const *names; /* as the file calls them */
    size_t column_count;
    size_t batch, in_flight;
    struct import_report *report;
    struct ctl_progress *progress; /* of lines */
};

struct import_push_result {
    uint64_t accepted, updated, unchanged, rejected, broken;
    bool finished;
    int exit; /* enum ctl_exit */
};

struct import_push;

/* NULL: memory is out. */
struct import_push *import_push_new(const struct import_push_options *options);
/* A row of column_count values; waits until there is room for it. */
void import_push_row(struct import_push *push, uint64_t line, const struct text *values);
/* A line that is no row, or one that cannot be sent. */
void import_push_fault(struct import_push *push, uint64_t line, size_t column, const char *name,
                       const char *what);
/* True: refused or interrupted; further rows are passed over. */
bool import_push_has_stopped(const struct import_push *push);
/* Sends what is left and waits for all answers. */
void import_push_end(struct import_push *push, struct import_push_result *result);
void import_push_free(struct import_push *push);

#endif
