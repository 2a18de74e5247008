/*
 * What every command about one case begins and ends with. Its state begins with a struct
 * case_change:
 *
 *   handle_x   decode; return case_change_find(req, &r->change, ref, expected_version, part,
 * decide); decide     if (!case_change_move(req, &r->change, CASE_TAKES, reason, &end)) return end;
 *              … set fields of r->change.after, add rows …
 *              case_change_happened(req, &r->change, CLOCK_EVENT_TAKEN, req->now_us);
 *              return case_change_commit(req, &r->change, reason, "");
 *
 * The frame answers repeats from the receipt, refuses unknown and forgotten cases, other versions,
 * recused persons and acts outside the asker's sight, rings what is due, and commits in one unit:
 * the row (guarded by its version), clocks, queue, history, audit, the events that follow from what
 * differs between before and after (CaseMoved, CaseAssigned, CasePriorityChanged,
 * SeriousCaseReported), the mark that the customer's standing changed, and the receipt with a
 * CaseReply.
 *
 * Timers begin theirs likewise: without receipt and person; the commit settles the timer.
 */
#ifndef KEHU_COMPLAINTS_CASE_CHANGE_H
#define KEHU_COMPLAINTS_CASE_CHANGE_H

#include "common/command.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/cases.h"

#define CASE_CHANGE_STEPS 4

/* A move on the way, each a line of the history. */
struct case_change_step {
    const char *act;
    enum case_state from, to;
};

struct case_change {
    struct command_receipt seen;
    struct cases_question question;
    uint64_t expected_version;
    enum conduct_part part; /* what the asker does with the case */
    bool weighs;            /* set before find: severity may be weighed again */
    bool keeps_row;         /* set before find: rows are added beside the case, which itself, its
                               clocks and its version stay: nobody else who changes it decides
                               again, but who forgets it goes first or after */
    bool admits_owers;      /* set before find: decide itself refuses whom the sight does not admit
                               (found.is_seen), but for what he owes for the case */
    bool has_worked;        /* the asker was its handler, whoever is now: asked for by
                               case_change_ask_worked */
    bool is_beyond_sight;   /* set before find: whoever records what somebody says need not see the
                               case that it belongs to */
    bool admits_forgotten;  /* set before find: writes nothing into a case that was forgotten */
    flow_step decide;
    struct cases_found found; /* as it was; with its tries counted */
    struct cases_earlier earlier;
    struct case_rules rules;
    struct case_file after; /* as it comes to stand; begins as found.file */
    struct id
        made; /* the message, sub-task, action or lesson that the command makes; zeroes: none */
    const char *act_name; /* of what is done beside moves: "note"; a line of its own, before them */
    struct case_change_step steps[CASE_CHANGE_STEPS];
    size_t step_count; /* since the last line of the history */
    const char *noted; /* the act of that line */
    uint8_t lines;     /* of the history, so far */
};

/* Asks for the receipt, the case and the rules; enters `decide` when nothing refuses. `ref` is
 * terminated and lives as long as the request. Where it returns FLOW_WAIT, questions of the
 * handler's own may still join. */
enum flow case_change_find(struct request *req, struct case_change *change, const char *ref,
                           uint64_t expected_version, enum conduct_part part, flow_step decide);
/* After it returned FLOW_WAIT, where it takes another person than the handler. */
void case_change_ask_worked(struct request *req, struct case_change *change);
/* --- moves (case_change_move.c) --- */

/* Moves `after` by the act and stamps it. Ended, its clocks end with it. False: *end refuses, with
 * the state and what is allowed. */
bool case_change_move(struct request *req, struct case_change *change, enum case_act act,
                      struct text reason, enum flow *end);
/* Closes where conditions allow: false: *end refuses with FAILED_PRECONDITION, one violation per
 * open condition (field "condition.own_lesson"). Every door that closes goes through here. */
bool case_change_close(struct request *req, struct case_change *change, enum case_act act,
                       struct text reason, enum flow *end);
/* Reopens: what was answered and confirmed is no longer, and the resolution's clock begins. */
bool case_change_reopen(struct request *req, struct case_change *change, struct text reason,
                        enum flow *end);
/* The answer is known to have reached him (found.standing says so): where he is to be asked if he
 * is satisfied, he now is. False: no memory. */
bool case_change_ask_satisfied(struct request *req, struct case_change *change);
void case_change_happened(struct request *req, struct case_change *change, enum clock_event event,
                          int64_t at_us);
/* Substantive words reached him at that moment, which may lie before now: first response and
 * progress, unless later ones are known. */
void case_change_words(struct request *req, struct case_change *change, int64_t at_us);
/* The severity and priority of `after` again from its facts, what it repeats and the customer;
 * clocks follow. Only of a change that `weighs`, and that asked case_change_ask_worked. False: it
 * would be serious no longer (severity_is_lifted), which the asker may not decide, and stays so. */
bool case_change_weigh(struct request *req, struct case_change *change);
/* What the severity of `after` is made of. Likewise. */
struct severity_facts case_change_facts(const struct request *req,
                                        const struct case_change *change);
/* What is said and done: the view of `after` for the rules. */
struct case_view case_change_view(const struct request *req, const struct case_change *change);
/* One more event about the case; false: no memory. */
bool case_change_tell(struct request *req, const struct case_change *change,
                      const ProtobufCMessage *event);
/* --- the end --- */

/* `detail` has no personal values. */
enum flow case_change_commit(struct request *req, struct case_change *change, struct text reason,
                             const char *detail);

/* --- its parts, for several changes in one unit (Publish) --- */

/* The question of a REF; false: it is none. */
bool case_change_name(struct request *req, struct case_change *change, const char *ref);
/* Asks for `question`'s case and the rules. */
void case_change_ask(struct request *req, struct case_change *change, const struct sight *sight);
/* The case is found: `after` begins, what is due rings. False: no memory. */
bool case_change_begin(struct request *req, struct case_change *change);
/* The lines of the history since the last call, with what they tell, and the audit's. */
bool case_change_note(struct request *req, struct case_change *change, struct text reason,
                      const char *detail);
/* Row, clocks and work lists; what differs is told. Once per case and unit, as the last thing. */
bool case_change_save(struct request *req, const struct case_change *change);

#endif
