/*
 * Closing conditions by kind (BEHAVIOUR §2, R67, R70, R71, R75, R77): checked for every door that
 * closes a case, and answered as a list of what is open.
 */
#ifndef KEHU_COMPLAINTS_CONDITION_H
#define KEHU_COMPLAINTS_CONDITION_H

#include "services/complaints/domain/confirmation.h"

enum condition {
    CONDITION_DELIVERED,          /* answer or result reached him */
    CONDITION_CONFIRMED,          /* he is satisfied */
    CONDITION_CONFIRMED_BY_OTHER, /* serious: in a call by another than the handler */
    CONDITION_ATTEMPTS,           /* instead of it, to close unconfirmed */
    CONDITION_CAUSE,
    CONDITION_UNIT, /* responsible */
    CONDITION_FAULT,
    CONDITION_TOPIC,
    CONDITION_SOLUTION,        /* required when the fault is ours */
    CONDITION_REMEDY_APPROVED, /* above the limit */
    CONDITION_SUBTASKS,        /* done, each */
    CONDITION_ACTIONS,         /* verified, or moved to an improvement item with owner and date */
    CONDITION_ACTION_NEEDED,   /* serious: at least one */
    CONDITION_WORK_DONE,       /* of a service request */
    CONDITION_CHARGE_NOTED,    /* likewise; none is noted too */
    CONDITION_TAKEN_UP,        /* a suggestion, or "not, because" */
    CONDITION_LESSON,          /* own, one of the same cause, or "none, because" */
    CONDITION_OWN_LESSON,      /* serious */
    CONDITIONS,
};

enum condition_lesson {
    CONDITION_LESSON_IS_NONE,
    CONDITION_LESSON_IS_OWN,
    CONDITION_LESSON_OF_SAME_CAUSE, /* a link to another case's */
    CONDITION_LESSON_OF_OTHER_CAUSE,
    CONDITION_LESSON_NONE_BECAUSE,
};

/* How the case stands. */
struct condition_facts {
    enum case_kind kind;
    enum severity severity;
    bool is_historic;  /* keeps its recorded state, marked not assessed: nothing is open */
    bool is_anonymous; /* nothing can be delivered to or confirmed by anybody */
    bool asks_confirmation;
    bool closes_unconfirmed; /* through that door */
    bool was_tried;          /* confirmation_was_tried */
    bool is_delivered;       /* delivery_has_arrived, of the answer */
    enum confirmation confirmation;
    bool has_cause, has_unit, has_fault, has_topic;
    bool is_our_fault, has_solution, remedy_waits;
    uint32_t open_subtasks;
    uint32_t actions, open_actions; /* open: neither verified nor moved */
    bool is_work_done, is_charge_noted, is_taken_up_or_not_because;
    enum condition_lesson lesson;
};

struct condition_list {
    enum condition open[CONDITIONS];
    size_t count;
};
/* What is open, in the order of the enumeration; none: it may be closed. */
struct condition_list condition_check(const struct condition_facts *facts);
/* An answer with open sub-tasks is none (R77): they are done first. */
bool condition_may_answer(uint32_t open_subtasks);

const char *condition_code(enum condition condition); /* "lesson_own" */
/* What is missing and what would be right, for people. */
const char *condition_sentence(enum condition condition, enum telling_language language);

#endif
