/*
 * Grade runs as commands of kehuctl wait for them.
 */
#ifndef KEHU_CTL_GRADE_FOLLOW_H
#define KEHU_CTL_GRADE_FOLLOW_H

#include "ctl.h"
#include "kehu/customers/v1/grades.pb-c.h"

/* Begins a run and waits for its end, with a bar on a terminal. NULL: refused or unfinished, and
 * said. */
Kehu__Customers__V1__GradeRun *
grade_follow_run(struct ctl *ctl, const Kehu__Customers__V1__RunGrades *ask, int *code);

/* An array that grows page by page, in the arena. False: no room, and said. */
struct grade_follow_list {
    void **at;
    size_t count, room;
};
bool grade_follow_add(struct ctl *ctl, struct grade_follow_list *list, void *const *more,
                      size_t count);

#endif
