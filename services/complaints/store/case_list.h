/*
 * Lists of cases: by filters in an order, and the work lists of what is open.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_LIST_H
#define KEHU_COMPLAINTS_STORE_CASE_LIST_H

#include "common/flow.h"
#include "common/pure/customer_ref.h"
#include "services/complaints/domain/case_list.h"
#include "services/complaints/store/sight.h"

extern const struct pg_statement case_list_statements[];
extern const size_t case_list_statement_count;
extern const struct pg_statement case_queue_statements[];
extern const size_t case_queue_statement_count;

/* What a statement selects of a case `c`, and the joins it takes beside `staff_seen h` and
 * `lateral (…) w`: "select " CASE_LIST_COLUMNS(…) " from cases c" CASE_LIST_JOINS. */
#define CASE_LIST_COLUMNS(queued, place, restricted, staff, stands)                                \
    "c.id, c.number, c.kind, c.state, c.channel, c.severity, c.priority, " queued                  \
    ", " SIGHT_PERSON("c", restricted, staff,                                                      \
                      stands) ", c.summary, c.customer_id, h.code, c.team, c.product,"             \
                              " c.issue, c.region, c.cause, c.submitted_at,"                       \
                              " c.received_at, c.is_supervised, c.is_historic,"                    \
                              " c.chases, w.kind, w.state, w.started_at, w.due_at,"                \
                              " w.colour_at, w.paused_at, " place
#define CASE_LIST_JOINS                                                                            \
    " left join staff_seen h on h.staff_id = c.handler_id left join lateral"                       \
    " (select k.kind, k.state, k.started_at, k.due_at, k.colour_at, k.paused_at from clock k"      \
    " where k.case_id = c.id and k.state in (1, 2) and k.kind > 1"                                 \
    " order by k.due_at, k.id limit 1) w on true"
/* Into struct case_summaries. */
void case_list_fill(const struct pg_rows *rows, struct arena *arena, void *out);

/* A page and one more; what is quickly found. case_list_is_done tells whether that is all. */
void case_list(struct request *req, const struct case_list_question *question,
               const struct sight *sight, struct case_summaries *out);
bool case_list_is_done(const struct case_list_question *question,
                       const struct case_summaries *found);
/* The same page, however long it takes. */
void case_list_rest(struct request *req, const struct case_list_question *question,
                    const struct sight *sight, struct case_summaries *out);

/* The ids of a customer and of those merged into him; none: he is not known here. */
struct case_list_family {
    struct id *list;
    size_t count;
};
void case_list_find_customers(struct request *req, const struct customer_ref *ref,
                              struct case_list_family *out);

/* --- the queue --- */

/* Open cases by priority of the day, then by what is due first; a page and one more. `place` is
 * the due time. */
void case_queue_list(struct request *req, const struct case_queue_question *question,
                     const struct sight *sight, struct case_summaries *out);
/* Adds to the unit: what was raised by a chase of a day before is where it belongs again; at most
 * so many. `count` gets how many there are to be done. */
void case_queue_find_raised(struct request *req, int32_t today, int64_t *count);
void case_queue_settle(struct request *req, int32_t today);

#endif
