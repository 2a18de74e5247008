/*
 * What is offered to put a case right, who approves it, and whose fault it was (R67).
 */
#ifndef KEHU_COMPLAINTS_REMEDY_H
#define KEHU_COMPLAINTS_REMEDY_H

#include "services/complaints/domain/telling.h"

enum remedy_kind {
    REMEDY_IS_NONE,
    REMEDY_APOLOGY,
    REMEDY_EXPLANATION,
    REMEDY_REPAIR,
    REMEDY_REPLACEMENT,
    REMEDY_REFUND,
    REMEDY_COMPENSATION,
    REMEDY_DISCOUNT,
    REMEDY_KINDS,
};
const char *remedy_kind_name(enum remedy_kind kind); /* "refund"; of NONE "" */
const char *remedy_kind_label(enum remedy_kind kind, enum telling_language language);
enum remedy_kind remedy_kind_read(struct text name); /* NONE: there is none of this name */

enum remedy_fault {
    FAULT_IS_UNKNOWN = 0,
    FAULT_OF_COMPANY = 1,
    FAULT_OF_CUSTOMER = 2,
    FAULT_OF_THIRD_PARTY = 3,
    FAULT_OF_NOBODY = 4,
};
const char *remedy_fault_name(enum remedy_fault fault); /* "third_party" */
/* While nobody knows whose fault it was, it may be ours: a solution is needed before the answer. */
bool remedy_is_needed(enum remedy_fault fault);
/* A solution that answers for our fault: an apology or explanation alone is one too, when the
 * complainant agrees to it. */
bool remedy_is_solution(enum remedy_kind kind);

struct remedy_policy {
    int64_t handler_limit_micros, manager_limit_micros; /* business currency */
};
struct remedy_policy remedy_policy_standard(void); /* ¥300, ¥3,000 */
struct remedy_policy_fault {
    const char *field, *why;
};
#define REMEDY_POLICY_FAULTS 4
size_t remedy_policy_check(const struct remedy_policy *policy,
                           struct remedy_policy_fault faults[REMEDY_POLICY_FAULTS]);

/* Who decides about amounts: each up to his limit, the head without one. */
enum remedy_rank { REMEDY_HANDLER, REMEDY_MANAGER, REMEDY_HEAD };
/* The lowest rank that may approve the amount. Of another currency nobody knows how much it is:
 * `is_comparable` false takes the head. */
enum remedy_rank remedy_needs(int64_t amount_micros, bool is_comparable,
                              const struct remedy_policy *policy);

enum remedy_state {
    REMEDY_STATE_IS_NONE,
    REMEDY_PROPOSED, /* within the handler's limit: may be agreed to */
    REMEDY_NEEDS_APPROVAL,
    REMEDY_APPROVED,
    REMEDY_REFUSED, /* another must be proposed */
};
const char *remedy_state_name(enum remedy_state state); /* "needs_approval" */
enum remedy_state remedy_state_read(struct text name);
/* After it was proposed by somebody of that rank. */
enum remedy_state remedy_propose(int64_t amount_micros, bool is_comparable, enum remedy_rank by,
                                 const struct remedy_policy *policy);
/* What the complainant may be asked to agree to, and what may go out as an answer. */
bool remedy_may_stand(enum remedy_state state);

enum remedy_flaw {
    REMEDY_FINE,
    REMEDY_KIND_IS_UNKNOWN,
    REMEDY_AMOUNT_IS_NEGATIVE,
    REMEDY_AMOUNT_IS_MISSING, /* a refund, compensation or discount of nothing */
    REMEDY_AMOUNT_IS_STRANGE, /* an apology or explanation costs nothing */
    REMEDY_WAITS_FOR_NOBODY,  /* nothing is to be approved */
    REMEDY_OWN_PROPOSAL,      /* decided by another than who proposed it */
    REMEDY_ABOVE_LIMIT,       /* of who wants to approve it */
};
const char *remedy_flaw_text(enum remedy_flaw flaw, enum telling_language language);
enum remedy_flaw remedy_check(enum remedy_kind kind, int64_t amount_micros) MUST_USE;
/* Whether this person may decide about it; a refusal needs no limit. */
enum remedy_flaw remedy_decide(enum remedy_state state, int64_t amount_micros, bool is_comparable,
                               enum remedy_rank by, bool is_proposer, bool is_approved,
                               const struct remedy_policy *policy) MUST_USE;

#endif
