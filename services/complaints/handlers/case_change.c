#include "services/complaints/handlers/case_change.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "common/audit.h"
#include "common/log.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/store/standing.h"

static enum flow check(struct request *req);

static int32_t day_of(const struct request *req, int64_t at_us)
{
    return zone_day(&req->service->zone, at_us);
}

static enum flow end_timer(struct request *req)
{
    return flow_end(req);
}

/* What rows say of who did it; of timers and jobs the house itself. */
static const char *name_of(const struct request *req)
{
    bool is_own = timer_of(req) || strcmp(req->key.name, "(job)") == 0;

    return is_own ? "kehu" : who_name(req);
}

/* --- finding --- */

bool case_change_name(struct request *req, struct case_change *change, const char *ref)
{
    return cases_ref_parse((struct text){ref, strlen(ref)}, req->arena, &change->question);
}

void case_change_ask(struct request *req, struct case_change *change, const struct sight *sight)
{
    cases_find(req, &change->question, sight, &change->found);
    if (change->weighs)
        cases_list_earlier(req, &change->question, &change->earlier);
    case_rules_ask(req, &change->rules);
}

enum flow case_change_find(struct request *req, struct case_change *change, const char *ref,
                           uint64_t expected_version, enum conduct_part part, flow_step decide)
{
    assert((void *)change == req->state);
    change->expected_version = expected_version;
    change->part = part;
    change->decide = decide;
    if (!case_change_name(req, change, ref)) {
        flow_violation(req, "ref", "must be " CASES_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "ref must be " CASES_REF_FORMS);
    }
    if (!timer_of(req))
        command_find(req, &change->seen);
    case_change_ask(req, change, timer_of(req) ? NULL : who_sight(req));
    return flow_wait(req, check);
}

void case_change_ask_worked(struct request *req, struct case_change *change)
{
    if (who_of(req)->is_staff)
        cases_find_worked(req, &change->question, who_name(req), &change->has_worked);
}

/* Tries count by the working days of who handles the case. */
static void count_tries(struct request *req, struct cases_found *found)
{
    struct text code;
    const struct calendar *calendar = case_clocks_calendar(req, &found->file, &code);

    for (size_t i = 0; i < found->attempt_count; i++)
        found->attempts[i].on_working_day =
            calendar_is_working_day(calendar, found->attempts[i].day);
    found->standing.tries = confirmation_count(found->attempts, found->attempt_count);
}

bool case_change_begin(struct request *req, struct case_change *change)
{
    count_tries(req, &change->found);
    change->after = change->found.file;
    return change->keeps_row || case_clocks_ring(req, &change->after, &change->found.clocks);
}

static bool is_recused(const struct request *req, const struct case_change *change)
{
    const struct who *who = who_of(req);
    const struct cases_found *found = &change->found;

    return !timer_of(req) && who->is_staff &&
           !conduct_permits(found->recusals, found->recusal_count, &who->staff, change->part);
}

/* What only its handler does, and those who handle every case. */
static bool is_anothers(const struct request *req, const struct case_change *change)
{
    return !timer_of(req) && flow_act(req) == CASE_RIGHT_HANDLE &&
           !who_handles(req, &change->found.file.handler);
}

static enum flow check(struct request *req)
{
    struct case_change *change = req->state;
    const struct cases_found *found = &change->found;

    if (command_is_repeat(&change->seen))
        return command_reply_again(req, &change->seen);
    if (!found->found && timer_of(req)) {
        timer_settle(req, timer_of(req)); /* what it was about is gone */
        return flow_commit(req, end_timer);
    }
    if (!found->found)
        return flow_refuse(req, NOT_FOUND, "no case has this number, id or reference");
    if (!found->is_seen && !change->admits_owers && !change->is_beyond_sight)
        return flow_refuse(req, PERMISSION_DENIED,
                           "the case exists and is outside of what you may see");
    if (is_recused(req, change))
        return flow_refuse(req, PERMISSION_DENIED,
                           "%s is recused from this case: another person does this", name_of(req));
    if (is_anothers(req, change))
        return flow_refuse(req, PERMISSION_DENIED,
                           "the case is not %s's: its handler does this, or a complaint handler",
                           name_of(req));
    if (found->is_forgotten && !change->admits_forgotten && !timer_of(req))
        return flow_refuse(req, FAILED_PRECONDITION,
                           "who complained was erased, with what was written in his case: nothing "
                           "is added to it; what he says now is a case of its own");
    if (change->expected_version && change->expected_version != (uint64_t)found->file.version) {
        flow_violation(req, "expected_version", "is %" PRIu64 ", the case is at %" PRId64,
                       change->expected_version, found->file.version);
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the case is at version %" PRId64 ", not %" PRIu64
                           ": read it again, then change it",
                           found->file.version, change->expected_version);
    }
    if (!case_change_begin(req, change))
        return flow_refuse_large(req);
    return flow_go(req, change->decide);
}

/* --- saving --- */

bool case_change_tell(struct request *req, const struct case_change *change,
                      const ProtobufCMessage *event)
{
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, &change->found.file.id, packed.bytes, packed.count);
    return true;
}

/* Lines of one unit are numbered: ids made in one microsecond are in no order. */
static bool add_line(struct request *req, struct case_change *change,
                     const struct case_change_step *step, struct text reason, const char *detail)
{
    cases_add_entry(req, &(struct cases_entry){
                             .case_id = change->found.file.id,
                             .nth = change->lines++,
                             .at_us = req->now_us,
                             .act = step->act,
                             .from = step->from,
                             .to = step->to,
                             .by = name_of(req),
                             .reason = reason,
                             .detail = detail,
                         });
    return step->from == step->to ||
           case_change_tell(req, change,
                            codec_case_moved(&change->after, step->from, step->to, step->act,
                                             req->now_us, req->arena));
}

/* What was done, and each move on its own. */
static size_t list_lines(const struct case_change *change,
                         struct case_change_step lines[CASE_CHANGE_STEPS + 1])
{
    enum case_state from = change->step_count > 0 ? change->steps[0].from : change->after.state;
    size_t count = 0;

    if (change->act_name || change->step_count == 0)
        lines[count++] =
            (struct case_change_step){change->act_name ? change->act_name : "change", from, from};
    for (size_t i = 0; i < change->step_count; i++)
        lines[count++] = change->steps[i];
    return count;
}

bool case_change_note(struct request *req, struct case_change *change, struct text reason,
                      const char *detail)
{
    struct case_change_step lines[CASE_CHANGE_STEPS + 1];
    size_t count = list_lines(change, lines);
    const char *act = arena_print(req->arena, "%s case", lines[0].act);
    char id[UUID_TEXT_BYTES];

    if (!act || !detail)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_line(req, change, &lines[i], i == 0 ? reason : TEXT_OF(""), i == 0 ? detail : ""))
            return false;
    uuid_print(&change->found.file.id, id);
    audit_add(req, act, id, detail);
    change->noted = lines[0].act;
    change->act_name = NULL;
    change->step_count = 0;
    return !arena_is_full(req->arena);
}

static bool same_text(struct text a, struct text b)
{
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.at, b.at, a.bytes) == 0);
}

static bool tell_differences(struct request *req, const struct case_change *change)
{
    const struct case_file *before = &change->found.file, *after = &change->after;

    if ((!uuid_is_same(&before->handler, &after->handler) ||
         !same_text(before->team, after->team)) &&
        !case_change_tell(req, change, codec_case_assigned(after, &before->handler, req->arena)))
        return false;
    if ((before->priority != after->priority || before->severity != after->severity) &&
        !case_change_tell(
            req, change,
            codec_case_priority_changed(after, before->priority, change->noted, req->arena)))
        return false;
    return !severity_is_reported(after->severity) || severity_is_reported(before->severity) ||
           after->is_historic ||
           case_change_tell(req, change, codec_serious_case_reported(after, req->arena));
}

/* What a customer's standing is counted from (domain/repeat.h). */
static void mark_standing(struct request *req, const struct case_change *change)
{
    const struct case_file *before = &change->found.file, *after = &change->after;
    bool is_moved = !uuid_is_same(&before->customer, &after->customer);

    if (before->state == after->state && before->severity == after->severity &&
        before->fault == after->fault && uuid_is_same(&before->handler, &after->handler) &&
        !is_moved)
        return;
    standing_mark(req, &after->customer);
    if (is_moved)
        standing_mark(req, &before->customer);
}

static void put_row(struct request *req, const struct case_change *change)
{
    const struct case_file *after = &change->after;
    int64_t due_us = CLOCK_NEVER;
    enum clock_kind due_kind = CLOCK_KIND_IS_NONE;
    enum priority queued =
        conduct_queued(after->priority, after->chased_day, day_of(req, req->now_us));

    if (!case_clocks_first(&change->found.clocks, &due_us, &due_kind)) {
        due_us = CLOCK_NEVER;
        due_kind = CLOCK_KIND_IS_NONE;
    }
    cases_save(req, after);
    case_clock_put(req, &change->found.clocks);
    cases_put_queue(req, after, queued, due_us, due_kind);
    mark_standing(req, change);
}

bool case_change_save(struct request *req, const struct case_change *change)
{
    if (change->keeps_row)
        cases_hold_kept(req, &change->found.file.id);
    else
        put_row(req, change);
    return tell_differences(req, change) && !arena_is_full(req->arena);
}

enum flow case_change_commit(struct request *req, struct case_change *change, struct text reason,
                             const char *detail)
{
    struct case_view view = case_change_view(req, change);
    struct condition_facts conditions = case_file_conditions(&view, false);
    struct condition_list open = condition_check(&conditions);
    const struct codec_case_reply reply = {
        .file = &change->after,
        .version = change->found.file.version + !change->keeps_row,
        .part = change->made,
        .open = case_is_ended(change->after.state) ? NULL : &open,
    };

    if (!case_change_note(req, change, reason, detail) || !case_change_save(req, change))
        return flow_refuse_large(req);
    if (timer_of(req)) {
        timer_settle(req, timer_of(req));
        return flow_commit(req, end_timer);
    }
    return command_commit(req, codec_case_reply(&reply, req->arena));
}
