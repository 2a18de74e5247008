/*
 * What every command about one case begins and ends with. Its state begins with a struct
 * case_change:
 *
 *   handle_x   decode; return case_change_find(req, &r->change, ref, expected_version, decide);
 *   decide     if (!case_change_move(req, &r->change, CASE_TAKES, reason, &end)) return end;
 *              … set fields of r->change.after, add rows …
 *              case_change_happened(req, &r->change, CLOCK_EVENT_TAKEN, req->now_us);
 *              return case_change_commit(req, &r->change, reason, "");
 *
 * The frame answers repeats from the receipt, refuses unknown cases, other versions, recused
 * persons and acts outside the asker's rights, rings what is due, and commits in one unit: the row
 * (guarded by its version), clocks, queue, history, audit, the events that follow from what differs
 * between before and after (CaseMoved, CaseAssigned, CasePriorityChanged, SeriousCaseReported), the
 * mark that the customer's standing changed, and the receipt with a CaseReply.
 */
#ifndef KEHU_COMPLAINTS_CASE_CHANGE_H
#define KEHU_COMPLAINTS_CASE_CHANGE_H

#include "common/command.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/cases.h"

struct case_change {
    struct command_receipt seen;
    struct cases_question question;
    uint64_t expected_version;
    enum conduct_part part; /* what the asker does with the case; set before find */
    flow_step decide;
    struct cases_found found; /* as it was */
    struct case_rules rules;
    struct case_file after; /* as it comes to stand; begins as found.file */
    enum case_act act;      /* the last one moved by; CASE_ACTS: none */
    const char *act_name;   /* of the history's line; set by move, or by the handler */
};

/* Asks for the receipt, the case and the rules; enters `decide` when nothing refuses. */
enum flow case_change_find(struct request *req, struct case_change *change, const char *ref,
                           uint64_t expected_version, enum conduct_part part, flow_step decide);
/* Moves `after` by the act. False: *end refuses, with the state and what is allowed. */
bool case_change_move(struct request *req, struct case_change *change, enum case_act act,
                      struct text reason, enum flow *end);
/* Closes where conditions allow: false: *end refuses with FAILED_PRECONDITION, one violation per
 * open condition (field "condition.lesson_own"). Every door that closes goes through here. */
bool case_change_close(struct request *req, struct case_change *change, enum case_act act,
                       struct text reason, enum flow *end);
void case_change_happened(struct request *req, struct case_change *change, enum clock_event event,
                          int64_t at_us);
/* The severity and priority of `after` again from its facts and the customer; clocks follow. */
void case_change_weigh(struct request *req, struct case_change *change);
/* One more event about the case; false: no memory. */
bool case_change_tell(struct request *req, const struct case_change *change,
                      const ProtobufCMessage *event);
/* `detail` has no personal values. */
enum flow case_change_commit(struct request *req, struct case_change *change, struct text reason,
                             const char *detail);

#endif
