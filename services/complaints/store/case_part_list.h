/*
 * Lists over all cases: what is owed by whom, what was learned, improvement items. One row more
 * than the page has is asked for, to see whether there is a next.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_PART_LIST_H
#define KEHU_COMPLAINTS_STORE_CASE_PART_LIST_H

#include "common/flow.h"
#include "services/complaints/domain/case_part.h"
#include "services/complaints/store/sight.h"

extern const struct pg_statement case_part_list_statements[];
extern const size_t case_part_list_statement_count;

struct improvements {
    struct improvement *list;
    size_t count;
};
/* By due day; overdue: due before `today` and not done. */
void case_part_list_improvements(struct request *req, const struct improvement_question *question,
                                 int32_t today, struct improvements *out);

struct case_tasks {
    struct case_task *list;
    size_t count;
};
/* Open sub-tasks of cases that run, and open actions, by due moment; of cases within the sight, and
 * what `owner` or `unit` (of the asker; "" none) themselves owe. Of those whose complainant he may
 * not see the text is left out. */
void case_part_list_tasks(struct request *req, const struct case_task_question *question,
                          const struct sight *sight, const char *owner, const char *unit,
                          struct case_tasks *out);

struct found_lessons {
    struct found_lesson *list;
    size_t count;
};
/* The latest first: those that hold every word of the query; not of cases whose complainant he may
 * not see. */
void case_part_search_lessons(struct request *req, const struct case_lesson_question *question,
                              const struct sight *sight, struct found_lessons *out);

#endif
