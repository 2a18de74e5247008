/*
 * What a run's report tells beside its counts, and whom the run moved.
 */
#ifndef KEHU_CUSTOMERS_STORE_GRADE_REPORT_H
#define KEHU_CUSTOMERS_STORE_GRADE_REPORT_H

#include "common/flow.h"
#include "services/customers/domain/grade_record.h"

extern const struct pg_statement grade_report_statements[];
extern const size_t grade_report_statement_count;

/* Asks for everything that the report tells beside the counts of the run. */
void grade_report_list(struct request *req, const struct grade_work *work,
                       struct grade_report *out);

struct grade_movers {
    struct grade_mover *list;
    struct id *customers; /* of the list, for the page token */
    size_t count;
};

/* Whom the run moved after that place, largest net first. */
void grade_report_list_moves(struct request *req, const struct id *run,
                             const struct grade_list_place *after, uint32_t limit,
                             struct grade_movers *out);

#endif
