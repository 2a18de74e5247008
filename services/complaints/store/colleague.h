/*
 * Colleagues: those of the staff whom messages name (a handler, the owner of a sub-task, who is
 * recused), as the customers service's log told of them.
 */
#ifndef KEHU_COMPLAINTS_STORE_COLLEAGUE_H
#define KEHU_COMPLAINTS_STORE_COLLEAGUE_H

#include "common/flow.h"

extern const struct pg_statement colleague_statements[];
extern const size_t colleague_statement_count;

struct colleague {
    bool found, is_active;
    bool is_away;                  /* today */
    struct id id, manager, deputy; /* zeroes: none */
    const char *code, *unit;
    unsigned roles; /* bits of enum role */
};
/* By code ("li.na") or id; `today` in business time. */
void colleague_find(struct request *req, struct text ref, int32_t today, struct colleague *out);
/* Of many ids, in their order; `out` has `count` places, one not known stays as it is. */
void colleague_list(struct request *req, const struct id *ids, size_t count, int32_t today,
                    struct colleague *out);

#endif
