/*
 * The audit as it is read: one entry, a page of them, and what is asked for.
 */
#ifndef KEHU_CUSTOMERS_AUDIT_ENTRY_H
#define KEHU_CUSTOMERS_AUDIT_ENTRY_H

#include "common/base.h"

struct audit_entry {
    int64_t at_us;
    struct text key, actor, act, subject, detail;
    int64_t position; /* rises with each entry written */
};
struct audit_entries {
    struct audit_entry *list;
    size_t count;
};

struct audit_question {
    struct text actor, act, subject; /* empty: any; `act` may end in * */
    int64_t from_us, to_us;          /* 0: the beginning, now */
    uint32_t page_size;
    bool has_after;
    int64_t after_at_us, after_position; /* the last of the page before */
};

#endif
