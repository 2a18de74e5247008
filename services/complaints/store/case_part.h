/*
 * What hangs on a case: sub-tasks, actions, lessons, ratings, attempts to confirm; improvement
 * items; and the lists of what is owed and what was learned. Writes stand in the unit that saves
 * the case, which its version guards.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_PART_H
#define KEHU_COMPLAINTS_STORE_CASE_PART_H

#include "common/flow.h"
#include "services/complaints/domain/case_part.h"
#include "services/complaints/domain/confirmation.h"
#include "services/complaints/store/sight.h"

extern const struct pg_statement case_part_statements[];
extern const size_t case_part_statement_count;

/* One of the case's, as it stands; and how many of that kind the case has. */
struct case_part_found {
    bool found;
    size_t count;
    struct case_subtask subtask;
    struct case_action action;
    struct case_lesson lesson;
};
void case_part_find_subtask(struct request *req, const struct id *case_id, const struct id *id,
                            struct case_part_found *out);
void case_part_find_action(struct request *req, const struct id *case_id, const struct id *id,
                           struct case_part_found *out);
void case_part_find_lesson(struct request *req, const struct id *case_id, const struct id *id,
                           struct case_part_found *out);
/* The lesson of whichever case, to which another refers. */
struct case_part_referred {
    bool found;
    struct case_lesson_known known;
};
void case_part_find_referred(struct request *req, const struct id *lesson,
                             struct case_part_referred *out);

void case_part_put_subtask(struct request *req, const struct id *case_id,
                           const struct case_subtask *subtask);
void case_part_put_action(struct request *req, const struct id *case_id,
                          const struct case_action *action);
void case_part_put_lesson(struct request *req, const struct id *case_id,
                          const struct case_lesson *lesson);
/* The case has another cause: so have its lessons that had the former, or none. */
void case_part_move_lessons(struct request *req, const struct id *case_id, struct text former,
                            struct text cause);

/* --- improvement items --- */

struct case_part_improvement {
    bool found;
    struct improvement improvement;
};
void case_part_find_improvement(struct request *req, const struct id *id,
                                struct case_part_improvement *out);
/* A new one, or the change of `told` upon what stands there: no other change is lost. */
void case_part_put_improvement(struct request *req, const struct improvement *told);

/* --- ratings and attempts --- */

/* What a rating is judged by beside the file. */
struct case_part_rating_facts {
    bool had_part;       /* the person did something with the case but look at it */
    bool is_invited;     /* the invitation is a message of this case */
    int32_t invited_day; /* the last of this person, of whichever case; CASE_PART_NO_DAY: none */
    size_t ratings;      /* of the case so far */
};
/* Ids of zeroes: not known; `by` is the code of a staff member, "" nobody of the staff. */
void case_part_find_rating_facts(struct request *req, const struct id *case_id, const char *by,
                                 const struct id *invitation, const struct id *customer,
                                 const struct id *contact, struct case_part_rating_facts *out);
void case_part_add_rating(struct request *req, const struct id *case_id, const struct id *id,
                          uint32_t rating, struct text text, const char *by);
struct case_part_attempt {
    struct id case_id, id;
    int64_t at_us;
    int32_t day;
    const char *channel, *outcome, *by;
};
void case_part_add_attempt(struct request *req, const struct case_part_attempt *attempt);

#endif
