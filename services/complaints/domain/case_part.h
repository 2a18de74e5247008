/*
 * What hangs on a case and is owed or learned (R71, R72, R77): sub-tasks of departments, actions,
 * lessons, and the improvement items to which actions are moved. An empty text of a change leaves
 * what is there.
 */
#ifndef KEHU_COMPLAINTS_CASE_PART_H
#define KEHU_COMPLAINTS_CASE_PART_H

#include "common/pure/day.h"
#include "services/complaints/domain/case.h"

#define CASE_PART_TEXT_MAX 2000 /* characters */
#define CASE_PART_WORDS_MAX 200 /* of units and the like */
#define CASE_PART_CODE_MAX 64   /* of staff members and causes */
#define CASE_PART_MAX 50        /* sub-tasks, actions, lessons of a case, each */
#define CASE_PART_NO_DAY DAY_NONE

struct case_part_fault {
    const char *field, *why; /* why names what would be right */
};
#define CASE_PART_FAULTS 8

/* Ids of zeroes: none. Moments in microseconds since 1970, 0: not. */
struct case_subtask {
    struct id id;
    struct text unit, owner, text, result, done_by;
    int64_t due_us, done_us;
};
/* What is told upon what is known; a result makes it done, now where no moment is told. */
struct case_subtask case_subtask_apply(const struct case_subtask *known,
                                       const struct case_subtask *told, struct text by,
                                       int64_t now_us);
/* Of a sub-task as it would stand; how many faults. */
size_t case_subtask_check(const struct case_subtask *subtask, int64_t now_us,
                          struct case_part_fault faults[CASE_PART_FAULTS]);

enum case_action_kind {
    CASE_ACTION_IS_NONE,
    CASE_ACTION_CORRECTS,
    CASE_ACTION_PREVENTS,
    CASE_ACTION_TAKEN_UP,    /* of a suggestion */
    CASE_ACTION_NOT_BECAUSE, /* likewise: what speaks against it */
};
#define CASE_ACTION_KINDS 5
/* NULL-terminated; the place of a name is its kind. */
extern const char *const case_action_kinds[];

struct case_action {
    struct id id, improvement;
    enum case_action_kind kind;
    struct text text, owner, verified_by;
    int32_t due_day, verified_day; /* CASE_PART_NO_DAY: none */
};
/* Verified by who is named, else by `by`; on the day told, else `today`. */
struct case_action case_action_apply(const struct case_action *known,
                                     const struct case_action *told, struct text by, int32_t today);
/* A new one is not due before today; verified by another than its owner, not in the future. */
size_t case_action_check(const struct case_action *action, enum case_kind kind, bool is_new,
                         int32_t today, struct case_part_fault faults[CASE_PART_FAULTS]);
/* Neither verified nor moved to an improvement item. */
bool case_action_is_open(const struct case_action *action);

/* Exactly one of the three. */
struct case_lesson {
    struct id id;
    struct text text, cause;
    struct id same_as; /* the lesson of another case of the same cause */
    struct text none_because;
};
/* `known` is what same_as names, NULL: there is none such. */
struct case_lesson_known {
    struct id case_id;
    struct text cause;
    bool is_own; /* a text, not again a link or "none" */
};
size_t case_lesson_check(const struct case_lesson *lesson, const struct id *case_id,
                         struct text case_cause, const struct case_lesson_known *known,
                         struct case_part_fault faults[CASE_PART_FAULTS]);

struct improvement {
    struct id id;
    struct text text, owner, cause, effect;
    int32_t due_day, done_day;
};
struct improvement improvement_apply(const struct improvement *known,
                                     const struct improvement *told);
/* Done takes a measured effect. */
size_t improvement_check(const struct improvement *improvement, int32_t today,
                         struct case_part_fault faults[CASE_PART_FAULTS]);
/* Owner and date: an action may be moved to it. */
bool improvement_may_take(const struct improvement *improvement);

/* --- lists of them, page by page --- */

/* What comes after (place, id); the place is a moment or day in microseconds since 1970. */
struct case_part_page {
    uint32_t size;
    bool has_after;
    int64_t place;
    struct id after;
};
struct improvement_question {
    bool only_open, only_overdue;
    struct text owner; /* empty: of all */
    struct case_part_page page;
};
/* A sub-task or action that is owed. */
struct case_task {
    struct id id;
    bool is_action;
    struct text case_number, text, owner, unit;
    int64_t due_us; /* 0: none */
};
struct case_task_question {
    struct text owner, unit; /* empty: of all */
    bool only_overdue;
    struct case_part_page page;
};
#define CASE_LESSON_QUERY_MAX 100 /* characters */
struct case_lesson_question {
    struct text query, cause; /* empty: any */
    struct case_part_page page;
};
struct found_lesson {
    struct case_lesson lesson;
    struct text case_number, product, issue;
};

#endif
