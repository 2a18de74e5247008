/*
 * The sums of reports of complaints. Slow: each reads the cases of the period, from the indexes
 * that hold all that is counted of them (schema/001_cases.sql).
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_REPORT_H
#define KEHU_COMPLAINTS_STORE_CASE_REPORT_H

#include "common/flow.h"
#include "services/complaints/domain/case_report.h"

extern const struct pg_statement case_report_statements[];
extern const size_t case_report_statement_count;

/* The largest, or a page by key and one more. */
void case_report_list(struct request *req, const struct report_question *question,
                      struct report_rows *out);
/* The clocks of these rows' keys. */
void case_report_list_clocks(struct request *req, const struct report_question *question,
                             const struct report_rows *rows, struct report_clocks *out);
/* Of the period; customers with an order from `active_from` to before `active_before`. */
void case_report_rate(struct request *req, const struct report_question *question,
                      int32_t active_from, int32_t active_before, struct report_rate *out);

#endif
