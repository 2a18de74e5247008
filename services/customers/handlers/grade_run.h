/*
 * The steps of a grade run: a chunk per request, each found by where the run's row says it is. A
 * run survives every crash and may be worked on by several processes: whoever saves its row first
 * has done the chunk, the other begins the next.
 */
#ifndef KEHU_CUSTOMERS_GRADE_RUN_H
#define KEHU_CUSTOMERS_GRADE_RUN_H

#include "services/customers/codec/codec_grade.h"
#include "services/customers/store/grade_report.h"
#include "services/customers/store/grade_result.h"
#include "services/customers/store/grade_run.h"
#include "services/customers/store/grade_small.h"

/* Customers of a chunk: so few that their writes take well under 200 ms (architecture.md), also
 * when each gets another grade: file, history and event too. */
#define GRADE_RUN_FIGURES 1000
#define GRADE_RUN_GRADES 250

struct grade_chunk {
    struct grade_work work; /* as found, then as it is to be saved */
    struct codec_policy policy;
    struct grade_tree tree;
    struct grade_boughts bought;
    struct grade_candidates candidates;
    struct grade_owns owns;
    struct grade_members members;
    struct grade_between *between; /* one per candidate: who stands before him, after the last */
    struct policy_rows reviews;
    struct grade_review_policy review;
    struct grade_report report;
};

/* Works on whatever run there is, here and now; nothing when this process does already. */
void grade_run_begin(struct service *service);
/* Fills a run's first row. The policy is the one to grade by; false: no memory. */
struct grade_run_order {
    int32_t as_of;
    const struct codec_policy *policy;
    bool is_dry, holds_demotions;
    const char *asked_by;
    int64_t total;
};
bool grade_run_fill(struct request *req, const struct grade_run_order *order,
                    struct grade_work *out);

/* --- for the files of the run --- */

/* Of each phase: ask for the chunk, then decide. */
enum flow grade_run_ask_figures(struct request *req);
enum flow grade_run_ask_regions(struct request *req);
enum flow grade_run_ask_moving(struct request *req);
enum flow grade_run_ask_grading(struct request *req);
/* Asks who stands between the candidates of regions that small ones are graded with. */
enum flow grade_run_ask_places(struct request *req, flow_step decide);
/* Saves the row and commits; the next chunk follows. */
enum flow grade_run_commit(struct request *req);

#endif
