/*
 * The cases of a person, and all that is kept of them: what erasure empties (store/case_erase.h),
 * and callers of his number beside.
 */
#ifndef KEHU_COMPLAINTS_STORE_SUBJECT_H
#define KEHU_COMPLAINTS_STORE_SUBJECT_H

#include "common/flow.h"
#include "services/complaints/domain/subject.h"

extern const struct pg_statement subject_statements[];
extern const size_t subject_statement_count;

/* Behind the case `after` (zeroes: from the first), at most `limit`. */
void subject_list_cases(struct request *req, const struct subject_ids *ids, const struct id *after,
                        uint32_t limit, struct subject_cases *out);
/* Of the first `count` of them: `personal` the tables with what was written, `others` deadlines and
 * attempts to reach him. */
void subject_read(struct request *req, const struct subject_cases *cases, size_t count,
                  struct subject_rows *personal, struct subject_rows *others);

#endif
