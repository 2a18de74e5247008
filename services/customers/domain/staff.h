/*
 * The staff directory: an entry, a unit, and the rules that need no other table.
 */
#ifndef KEHU_CUSTOMERS_STAFF_H
#define KEHU_CUSTOMERS_STAFF_H

#include "common/base.h"
#include "common/pure/day.h"

#define STAFF_MAX_CODE 40
#define STAFF_CODE_FORM "1 to 40 of a-z 0-9 . -"
#define STAFF_MAX_NAME 60 /* characters */
#define STAFF_MAX_REGIONS 50
#define STAFF_MAX_CAPACITY 1000000
#define STAFF_MAX_ABSENCE_DAYS 400
#define STAFF_NO_DAY DAY_NONE
#define STAFF_MAX_UNIT_DEPTH 10

bool staff_is_code(struct text text);
/* "staff", "office_head", "middle", "top", "owner". */
bool staff_is_level(struct text text);

struct staff {
    struct id id;
    struct text code;
    struct text name; /* personal */
    unsigned roles;   /* bits of enum role */
    struct text level;
    struct text unit;     /* code; empty: none */
    struct text *regions; /* codes */
    size_t region_count;
    struct text manager, deputy; /* codes; empty: none */
    struct id manager_id, deputy_id;
    int32_t absent_from, absent_to; /* days; STAFF_NO_DAY: not away */
    int32_t capacity;               /* 0: no limit */
    bool has_left;
    int32_t joined_on, left_on; /* left_on: STAFF_NO_DAY while active */
    int64_t version;
};

/* How somebody's absence stands with whom is to stand in for him. */
enum staff_absence {
    STAFF_ABSENCE_FINE,
    STAFF_ABSENCE_NO_DEPUTY,
    STAFF_ABSENCE_DEPUTY_IS_HIMSELF,
    STAFF_ABSENCE_DEPUTY_LEFT,
    STAFF_ABSENCE_DEPUTY_AWAY, /* for all of it */
};
/* `deputy` NULL: there is none. */
enum staff_absence staff_check_absence(const struct id *who, const struct staff *deputy,
                                       int32_t from, int32_t to);

struct staff_unit {
    struct text code, name;
    struct text parent; /* code; empty: the top */
    int64_t version;
};

#endif
