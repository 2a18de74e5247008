/*
 * The policies in force. Those that most commands decide by are kept by the process: every request
 * that needs them asks whether there is another version, and only then are documents read again; a
 * version whose time was still to come is taken when it comes. So all processes decide by a new
 * version from the first request after its commit on.
 */
#ifndef KEHU_COMPLAINTS_POLICIES_IN_FORCE_H
#define KEHU_COMPLAINTS_POLICIES_IN_FORCE_H

#include "common/flow.h"
#include "services/complaints/domain/cause.h"
#include "services/complaints/domain/clock_policy.h"
#include "services/complaints/domain/remedy.h"
#include "services/complaints/domain/repeat.h"
#include "services/complaints/domain/severity.h"

/* What commands on a case decide by. */
struct case_rules {
    struct clock_policy targets;
    struct severity_policy severity;
    struct remedy_policy remedies;
    struct repeat_policy repeat;
    uint32_t targets_version, causes_version, severity_version, remedies_version, repeat_version;
};
/* Valid in the next step. */
void case_rules_ask(struct request *req, struct case_rules *out);

/* The tree of causes in force, in the request's arena; valid in the next step (cause_find,
 * cause_check). */
void policies_in_force_ask_causes(struct request *req, struct cause_tree *out);

/* What the process keeps; stands in its counters, zeroed at first. */
struct policies_kept {
    struct case_rules present;
    int64_t rows;          /* how many versions there were, and one; 0: nothing was read yet */
    int64_t next_valid_us; /* when the first of those to come comes into force; 0: none will */
};

#endif
