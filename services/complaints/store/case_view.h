/*
 * What hangs on one case, for reading it whole: history, sub-tasks, actions, lessons, and the cases
 * and persons it refers to. Each list has an end.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_VIEW_H
#define KEHU_COMPLAINTS_STORE_CASE_VIEW_H

#include "common/flow.h"
#include "services/complaints/domain/case_part.h"
#include "services/complaints/store/cases.h"

extern const struct pg_statement case_view_statements[];
extern const size_t case_view_statement_count;

struct case_history {
    struct cases_entry *list; /* latest first */
    size_t count;
};
/* Of each the latest 500, in the order they were made. */
#define CASE_VIEW_PARTS 500
struct case_parts {
    struct case_subtask *subtasks;
    size_t subtask_count;
    struct case_action *actions;
    size_t action_count;
    struct case_lesson *lessons;
    size_t lesson_count;
    bool has_more; /* of one of them than these */
};
/* Numbers of cases; codes of persons. */
struct case_relations {
    struct text duplicate_of, recurs_of; /* empty: none */
    struct text *similar, *recused;
    size_t similar_count, recused_count;
};

/* Those before that entry; zeroes: the latest. */
void case_view_list_history(struct request *req, const struct cases_question *question,
                            const struct id *before, uint32_t max, struct case_history *out);
void case_view_list_parts(struct request *req, const struct cases_question *question,
                          struct case_parts *out);
void case_view_list_relations(struct request *req, const struct cases_question *question,
                              struct case_relations *out);

#endif
