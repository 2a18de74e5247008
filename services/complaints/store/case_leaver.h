/* Open cases whose handler has left, and who may have them now. */
#ifndef KEHU_COMPLAINTS_STORE_CASE_LEAVER_H
#define KEHU_COMPLAINTS_STORE_CASE_LEAVER_H

#include "common/flow.h"

extern const struct pg_statement case_leaver_statements[];
extern const size_t case_leaver_statement_count;

/* Who stood in for him, and his manager; zeroes where they have left too or handle no cases. */
struct case_leaver {
    struct id case_id, deputy, manager;
};
struct case_leavers {
    struct case_leaver *list;
    size_t count;
};
void case_leaver_list(struct request *req, uint32_t max, struct case_leavers *out);

#endif
