/*
 * Grade runs: one at a time, worked through in chunks by whoever comes first.
 */
#ifndef KEHU_CUSTOMERS_STORE_GRADE_RUN_H
#define KEHU_CUSTOMERS_STORE_GRADE_RUN_H

#include "common/flow.h"
#include "services/customers/domain/grade_record.h"

extern const struct pg_statement grade_run_statements[];
extern const size_t grade_run_statement_count;

/* The run that is at work, if there is one. */
void grade_run_find_running(struct request *req, struct grade_work *out);
/* Any run. */
void grade_run_find(struct request *req, const struct id *id, struct grade_work *out);

struct grade_works {
    struct grade_work *list;
    size_t count;
};
/* The latest, latest first. */
void grade_run_list(struct request *req, uint32_t limit, struct grade_works *out);

/* How many customers there are, and how many of them are graded. */
struct grade_run_size {
    int64_t customers, graded;
};
void grade_run_find_size(struct request *req, struct grade_run_size *out);

/* Adds a run at its beginning; stale when another is running. */
void grade_run_add(struct request *req, const struct grade_work *work);
/* Saves where it is after a chunk, with its report when it is finished. Stale when another process
 * did that chunk; work->step is the one that was found. */
void grade_run_save(struct request *req, const struct grade_work *work);
/* Counts a try at the chunk after that step; the last of `tries` ends the run as failed. Nothing
 * when another process has done the chunk meanwhile. */
void grade_run_note_failure(struct request *req, const struct id *id, int64_t step, const char *why,
                            int32_t tries);
/* Whether a timer of this key is armed. */
void grade_run_find_timer(struct request *req, const char *key, bool *out);
/* Deletes at most `limit` results of runs before the last finished one; dry runs are kept for a
 * day. */
void grade_run_remove_old_results(struct request *req, uint32_t limit);

#endif
