/*
 * An export as it is stored, and its rows before they become text.
 */
#ifndef KEHU_CUSTOMERS_EXPORT_RECORD_H
#define KEHU_CUSTOMERS_EXPORT_RECORD_H

#include "services/customers/domain/export.h"
#include "services/customers/domain/file.h"

struct export_filter {
    enum export_kind kind;
    enum file_party parties[5];
    size_t party_count;        /* 0: all */
    struct text region, grade; /* empty: all */
    bool has_parent;
    struct id parent;
    bool only_incomplete;
};

struct export_record {
    bool found;
    int64_t number;
    struct export_filter filter;
    bool is_unmasked;
    struct text reason, by;
    int64_t asked_at_us, rows, last_number;
};

/* Where a page begins: behind this row. */
struct export_place {
    int64_t served; /* rows before it */
    int64_t number; /* the customer's */
    struct id contact;
};

struct export_row {
    struct id customer, contact; /* the contact: zeroes of customers */
    int64_t number;
    struct text name; /* the customer's */
    enum file_party party;
    enum file_nature nature;
    struct text region, counted_region; /* set on the file; by his orders where none is set */
    struct text grade, ref, role;
    int32_t registered_on;
};
struct export_rows {
    struct export_row *list;
    size_t count;
};

#endif
