/*
 * Who may do what with a case: recusal (回避), chase (催办) and supervise (督办). Who is complained
 * about neither handles, decides, calls nor sees the complainant where that is asked (R66).
 */
#ifndef KEHU_COMPLAINTS_CONDUCT_H
#define KEHU_COMPLAINTS_CONDUCT_H

#include "services/complaints/domain/severity.h"

struct conduct_recusal {
    struct id staff;
    bool hides_complainant;
};

enum conduct_part {
    CONDUCT_HANDLES, /* takes, is assigned, investigates, proposes, answers, owns a sub-task */
    CONDUCT_DECIDES, /* approves, rejects, grants, closes */
    CONDUCT_CALLS,   /* logs a call, asks for the confirmation */
    CONDUCT_READS,   /* the case, without the complainant */
    CONDUCT_SEES,    /* who the complainant is */
};
/* Whether somebody may have that part in the case. */
bool conduct_permits(const struct conduct_recusal *recusals, size_t count, const struct id *staff,
                     enum conduct_part part);

#define CONDUCT_CHASES_FOR_MANAGER 2

/* What a chase leads to; `count` chases with this one. The handler is always told. */
struct conduct_chase {
    bool tells_manager;   /* from the second on, each time */
    enum priority queued; /* the priority it has in the queue for the rest of the local day */
};
struct conduct_chase conduct_chase(uint32_t count, enum priority priority);
/* The place in the queue: one step up on the day of the last chase (INT32_MIN: none), the clocks do
 * not move. */
enum priority conduct_queued(enum priority priority, int32_t chased_day, int32_t today);

/* On the manager's page: supervised, until it is closed. */
bool conduct_is_on_page(bool is_supervised, enum case_state state);

#endif
