/*
 * Exports (R173): what may leave, in which columns, and how much of it in a day. Pure.
 */
#ifndef KEHU_CUSTOMERS_EXPORT_H
#define KEHU_CUSTOMERS_EXPORT_H

#include "common/base.h"

#define EXPORT_MAX_PAGE 500
#define EXPORT_MAX_REASON 500             /* characters */
#define EXPORT_OPEN_US (3600 * SECOND_US) /* so long its rows may be fetched */
#define EXPORT_MAX_COLUMNS 48

/* The numbers are those of the wire. */
enum export_kind {
    EXPORT_KIND_NONE = 0,
    EXPORT_KIND_CUSTOMERS = 1,
    EXPORT_KIND_CONTACTS = 2,
};
const char *export_kind_name(enum export_kind kind); /* "customers" */
enum export_kind export_kind_read(struct text name);

struct export_policy {
    uint32_t daily_rows, manager_daily_rows, key_daily_rows;
};
struct export_policy export_policy_standard(void);
struct export_policy_fault {
    const char *field, *why;
};
#define EXPORT_POLICY_FAULTS 3
/* Fills what is wrong, returns how much. */
size_t export_policy_check(const struct export_policy *policy,
                           struct export_policy_fault out[EXPORT_POLICY_FAULTS]);

/* Rows that somebody may still export today, having exported `used`; not negative. `roles` as of
 * enum role. */
int64_t export_left(const struct export_policy *policy, bool is_staff, unsigned roles,
                    int64_t used);

struct export_column {
    const char *field, *english, *chinese;
};
/* In their order; the same fields that imports know, and what only Kehu knows. */
size_t export_columns(enum export_kind kind, struct export_column out[EXPORT_MAX_COLUMNS]);

#endif
