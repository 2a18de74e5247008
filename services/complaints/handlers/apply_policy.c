/*
 * kehu.complaints.v1.ApplyPolicy: a new version in force from now on, or from a moment to come, in
 * place of the one that the asker has seen. Two at once: the store's guard sends the second back
 * here, where it finds that there is another version. A dry run of targets counts the clocks that
 * would move and shows some; it leaves nothing behind.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/log.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case_policy.h"
#include "services/complaints/domain/ahead.h"
#include "services/complaints/handlers/calendars_in_force.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/policy_repeat.h"
#include "services/complaints/handlers/policy_targets.h"
#include "services/complaints/handlers/who.h"

#define EXAMPLES 10

struct applying {
    struct case_policy_question question;
    struct command_receipt seen;
    struct policy_rows rows;
    struct case_rules rules; /* asked for with the calendars in force */
    struct calendar_rows calendars;
    int64_t clocks; /* that would move */
    struct clock_move_rows moves;
    struct case_policy_effect effect;
};

static enum flow decide(struct request *req);

enum flow handle_apply_policy(struct request *req)
{
    struct applying *r = request_state(req, sizeof(*r));
    const struct id first = {{0}};
    struct policy_faults faults;
    enum status status = codec_get_case_apply_policy(req->payload, req->payload_bytes, req->arena,
                                                     &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    if (!r->question.is_dry_run)
        command_find(req, &r->seen);
    policy_list(req, case_policy_kinds.names[r->question.kind], &r->rows);
    if (r->question.kind == CASE_POLICY_TARGETS) {
        case_rules_ask(req, &r->rules);
        calendar_row_list(req, &r->calendars);
        clock_move_count(req, &r->question.policy.targets, &r->clocks);
        if (r->question.is_dry_run)
            clock_move_list(req, &r->question.policy.targets, &first, &first, EXAMPLES, &r->moves);
    }
    return flow_wait(req, decide);
}

/* --- what is wrong with it beside what stands there --- */

/* Until when, if not for ever, the present one holds: versions never overlap. */
static bool check_time(struct request *req, int64_t *valid_from_us)
{
    const struct applying *r = req->state;
    int64_t latest_us = r->rows.count > 0 ? r->rows.list[0].valid_from_us : 0;

    if (*valid_from_us != 0 && *valid_from_us < req->now_us) {
        flow_violation(req, "policy.valid_from",
                       "is past: leave it empty to have it in force from now on");
        return false;
    }
    if (ahead_is_beyond(req->now_us, *valid_from_us, AHEAD_SOON_DAYS)) {
        flow_violation(req, "policy.valid_from",
                       "lies more than %d days ahead, and no other version could be applied until "
                       "then: give an earlier one, or apply it when it nears",
                       AHEAD_SOON_DAYS);
        return false;
    }
    if (*valid_from_us == 0)
        *valid_from_us = req->now_us;
    if (*valid_from_us > latest_us)
        return true;
    flow_violation(req, "policy.valid_from",
                   "overlaps version %" PRIu32 ", which is to come into force: give a moment after "
                   "it",
                   r->rows.list[0].version);
    return false;
}

/* On the built-in calendars and all others there are. */
static void check_targets(struct request *req, const struct case_policy *policy,
                          struct policy_faults *faults)
{
    static const char *const built_in[] = {CALENDARS_BUSINESS, CALENDARS_WEST};
    const struct applying *r = req->state;

    for (size_t i = 0; i < COUNT_OF(built_in) + r->calendars.count && faults->count == 0; i++) {
        const char *name =
            i < COUNT_OF(built_in) ? built_in[i] : r->calendars.list[i - COUNT_OF(built_in)].name;
        struct text code = calendars_in_force_code_of(name);

        codec_case_policy_check_targets(policy, case_clocks_calendar_of(req, code),
                                        policy->valid_from_us, req->arena, faults);
    }
}

static enum status check_causes(struct request *req, const struct case_policy *policy,
                                struct policy_faults *faults)
{
    const struct applying *r = req->state;
    struct case_policy present;
    enum status status = codec_case_policy_find(&r->rows, CASE_POLICY_CAUSES,
                                                policy_latest(&r->rows), req->arena, &present);

    if (!status)
        codec_case_policy_check_causes(&present, policy, req->arena, faults);
    return status;
}

static enum status check_beside(struct request *req, const struct case_policy *policy,
                                struct policy_faults *faults)
{
    enum status status = OK;

    faults->count = 0;
    if (policy->kind == CASE_POLICY_TARGETS)
        check_targets(req, policy, faults);
    if (policy->kind == CASE_POLICY_CAUSES)
        status = check_causes(req, policy, faults);
    return status ? status : policy_faults_verdict(faults, req->arena);
}

/* --- what comes of it --- */

static void show_examples(struct request *req)
{
    struct applying *r = req->state;
    struct case_policy_example *examples =
        arena_take_array(req->arena, r->moves.count, sizeof(*examples));

    for (size_t i = 0; examples && i < r->moves.count; i++) {
        struct clock_row old = r->moves.list[i].row;
        struct case_clock next;
        int64_t due_us = old.clock.due_us;

        if (!policy_targets_move(req, &r->question.policy.targets, r->question.policy.version, &old,
                                 &next))
            continue;
        examples[r->effect.example_count++] = (struct case_policy_example){
            .number = r->moves.list[i].number,
            .kind = next.kind,
            .priority = next.priority,
            .due_us = due_us,
            .next_due_us = next.due_us,
        };
    }
    r->effect.examples = examples;
}

/* False: no memory, and nothing was added to the unit. */
static bool save(struct request *req, const struct case_policy *policy)
{
    const struct applying *r = req->state;
    const struct policy_row row = {
        .kind = case_policy_kinds.names[policy->kind],
        .version = policy->version,
        .valid_from_us = policy->valid_from_us,
        .by = policy->by,
        .reason = policy->reason,
        .document = policy_document_print(policy->document, req->arena),
    };
    struct id subject = policy_document_subject(&case_policy_kinds, (int)policy->kind);
    struct flow_packed event;
    char detail[24];

    if (!row.document ||
        !flow_pack(req, codec_case_policy_applied(policy, &r->effect, req->arena), &event))
        return false;
    snprintf(detail, sizeof(detail), "version %" PRIu32, policy->version);
    policy_add(req, &row);
    if (policy->kind == CASE_POLICY_TARGETS)
        policy_targets_arm(req, policy->version, policy->valid_from_us);
    if (policy->kind == CASE_POLICY_REPEAT)
        policy_repeat_arm(req, policy->version, policy->valid_from_us);
    log_add(req, event.type, &subject, event.bytes, event.count);
    audit_add(req, "apply policy", row.kind, detail);
    return true;
}

static enum flow refuse_version(struct request *req, uint32_t present)
{
    const struct applying *r = req->state;

    return flow_refuse(req, FAILED_PRECONDITION,
                       "version %" PRIu32 " of policy %s is the latest, not %" PRIu32
                       ": look at it, then apply again",
                       present, case_policy_kinds.names[r->question.kind],
                       r->question.expected_version);
}

static enum flow decide(struct request *req)
{
    struct applying *r = req->state;
    struct case_policy *policy = &r->question.policy;
    uint32_t present = policy_latest(&r->rows);
    struct policy_faults faults;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (r->question.expected_version != present)
        return refuse_version(req, present);
    if (!check_time(req, &policy->valid_from_us))
        return flow_refuse(req, FAILED_PRECONDITION, "the version cannot hold from then on");
    enum status status = check_beside(req, policy, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    policy->version = present + 1;
    policy->by = who_name(req);
    r->effect.clocks = (uint64_t)r->clocks;
    r->effect.is_dry_run = r->question.is_dry_run;
    if (r->question.is_dry_run) {
        show_examples(req);
        return flow_reply(req, codec_case_policy_applied(policy, &r->effect, req->arena));
    }
    if (!save(req, policy))
        return flow_reply(req, NULL);
    return command_commit(req, codec_case_policy_applied(policy, &r->effect, req->arena));
}
