/*
 * The card of a customer: what stands on its row, and figures that take work. Only the figures are
 * cached; they hold nothing personal.
 */
#ifndef KEHU_CUSTOMERS_CARD_H
#define KEHU_CUSTOMERS_CARD_H

#include "services/customers/domain/customer_cases.h"
#include "services/customers/domain/file.h"

#define CARD_MAX_REFS 100 /* asked for at once */

struct card_sales {
    char currency[4];
    int64_t orders, net_micros;
    int64_t orders_12_months, net_12_months_micros;
};

/* What follows from orders, grades and the mapping of regions. */
struct card_figures {
    struct id customer;
    uint64_t version;   /* of the customer, by its events; every change of the figures raises it */
    int32_t as_of;      /* the last day of the 12 months */
    char grade;         /* ' ': none */
    struct text region; /* by its purchases */
    const struct card_sales *sales;
    size_t sales_count;
    int32_t first_day, last_day, expected_next; /* FILE_NO_DAY: none */
    uint32_t orders_12_months;
};

struct card {
    struct text ref; /* as asked for */
    bool found;
    struct id id;
    int64_t number;
    struct text name;
    enum file_party party;
    enum file_nature nature;
    struct text region; /* set on the file */
    int32_t completeness_micros;
    uint32_t missing;
    int32_t review_due;
    uint64_t version;       /* now */
    int64_t merged_from;    /* number asked for, when that is merged into this one; else 0 */
    struct text owner;      /* who looks after him, "李娜 (li.na)"; empty: nobody */
    bool is_outside;        /* of what the asker may see: only the owner is told */
    const char *owner_name; /* of one outside; "": nobody */
    int32_t owned_since;    /* of one outside; FILE_NO_DAY: nobody */
    struct customer_cases cases;
    const struct card_figures *figures;
};

struct cards {
    struct card *list; /* one per ref, in the order asked for */
    size_t count;
    /* What the figures depend on beside their customer's version. */
    int32_t epoch; /* of the log: after a restore versions begin again */
    int64_t region_version;
};

/* Whether cached figures say what would be calculated today. */
bool card_is_current(const struct card *card, const struct card_figures *figures, int32_t today);

#endif
