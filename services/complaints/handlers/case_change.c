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

static bool same_id(const struct id *a, const struct id *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* What rows say of who did it. */
static const char *name_of(const struct request *req)
{
    return timer_of(req) ? "kehu" : who_name(req);
}

/* --- finding --- */

enum flow case_change_find(struct request *req, struct case_change *change, const char *ref,
                           uint64_t expected_version, enum conduct_part part, flow_step decide)
{
    assert((void *)change == req->state);
    change->expected_version = expected_version;
    change->part = part;
    change->decide = decide;
    if (!cases_ref_parse((struct text){ref, strlen(ref)}, req->arena, &change->question)) {
        flow_violation(req, "ref", "must be " CASES_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "ref must be " CASES_REF_FORMS);
    }
    if (!timer_of(req))
        command_find(req, &change->seen);
    cases_find(req, &change->question, timer_of(req) ? NULL : who_sight(req), &change->found);
    if (change->weighs)
        cases_list_earlier(req, &change->question, &change->earlier);
    case_rules_ask(req, &change->rules);
    return flow_wait(req, check);
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
    if (!found->found)
        return flow_refuse(req, NOT_FOUND, "no case has this number, id or reference");
    if (!found->is_seen && !change->admits_owers)
        return flow_refuse(req, PERMISSION_DENIED,
                           "the case exists and is outside of what you may see");
    if (is_recused(req, change))
        return flow_refuse(req, PERMISSION_DENIED,
                           "%s is recused from this case: another person does this", name_of(req));
    if (is_anothers(req, change))
        return flow_refuse(req, PERMISSION_DENIED,
                           "the case is not %s's: its handler does this, or a complaint handler",
                           name_of(req));
    if (change->expected_version && change->expected_version != (uint64_t)found->file.version) {
        flow_violation(req, "expected_version", "is %" PRIu64 ", the case is at %" PRId64,
                       change->expected_version, found->file.version);
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the case is at version %" PRId64 ", not %" PRIu64
                           ": read it again, then change it",
                           found->file.version, change->expected_version);
    }
    count_tries(req, &change->found);
    change->after = found->file;
    if (!change->keeps_row && !case_clocks_ring(req, &change->after, &change->found.clocks))
        return flow_refuse_large(req);
    return flow_go(req, change->decide);
}

/* --- moving --- */

struct case_view case_change_view(const struct request *req, const struct case_change *change)
{
    return (struct case_view){
        .file = &change->after,
        .standing = &change->found.standing,
        .targets = &change->rules.targets,
        .now_us = req->now_us,
        .today = day_of(req, req->now_us),
        .closed_day = day_of(req, change->after.closed_us),
    };
}

static bool is_by_handler(const struct request *req, const struct case_change *change)
{
    const struct who *who = who_of(req);

    return !timer_of(req) && who->is_staff && same_id(&who->staff, &change->found.file.handler);
}

static enum flow refuse_move(struct request *req, const struct case_refusal *refusal)
{
    char text[CASE_REFUSAL_BYTES];

    case_tell_refusal(refusal, TELLING_IS_EN, text);
    flow_violation(req, refusal->flaw == CASE_NEEDS_REASON ? "reason" : "state", "%s", text);
    return flow_refuse(req, FAILED_PRECONDITION, "%s", text);
}

static void add_step(struct case_change *change, const char *act, enum case_state to)
{
    enum case_state from = change->after.state;

    assert(change->step_count < CASE_CHANGE_STEPS);
    change->steps[change->step_count++] = (struct case_change_step){act, from, to};
    change->after.state = to;
}

static void move(struct request *req, struct case_change *change, enum case_act act,
                 enum case_state to)
{
    bool was_ended = case_is_ended(change->after.state);

    add_step(change, case_act_name(act), to);
    case_file_stamp(&change->after, act, req->now_us);
    if (!was_ended && case_is_ended(to))
        case_change_happened(req, change, CLOCK_EVENT_ENDED, req->now_us);
}

bool case_change_move(struct request *req, struct case_change *change, enum case_act act,
                      struct text reason, enum flow *end)
{
    struct case_view view = case_change_view(req, change);
    struct case_facts facts = case_file_facts(&view, reason.bytes > 0, is_by_handler(req, change));
    struct case_refusal refusal;
    enum case_state to;

    if (!case_move(&facts, act, &to, &refusal)) {
        *end = refuse_move(req, &refusal);
        return false;
    }
    move(req, change, act, to);
    return true;
}

bool case_change_close(struct request *req, struct case_change *change, enum case_act act,
                       struct text reason, enum flow *end)
{
    struct case_view view = case_change_view(req, change);
    struct case_facts facts = case_file_facts(&view, reason.bytes > 0, is_by_handler(req, change));
    struct condition_facts conditions = case_file_conditions(&view, act == CASE_CLOSES_UNCONFIRMED);
    struct condition_list open = condition_check(&conditions);
    struct case_refusal refusal;
    enum case_state to;
    bool may_move = case_move(&facts, act, &to, &refusal);

    if (may_move && open.count == 0) {
        move(req, change, act, to);
        return true;
    }
    for (size_t i = 0; i < open.count; i++)
        flow_violation(req, arena_print(req->arena, "condition.%s", condition_code(open.open[i])),
                       "%s", condition_sentence(open.open[i], TELLING_IS_EN));
    *end = may_move ? flow_refuse(req, FAILED_PRECONDITION,
                                  "the case cannot be closed: %zu conditions are open, the first: "
                                  "%s",
                                  open.count, condition_sentence(open.open[0], TELLING_IS_EN))
                    : refuse_move(req, &refusal);
    return false;
}

void case_change_happened(struct request *req, struct case_change *change, enum clock_event event,
                          int64_t at_us)
{
    case_clocks_happen(req, &change->after, &change->rules, event, at_us, &change->found.clocks);
}

bool case_change_reopen(struct request *req, struct case_change *change, struct text reason,
                        enum flow *end)
{
    if (!case_change_move(req, change, CASE_REOPENS, reason, end))
        return false;
    change->after.confirmation = CONFIRMATION_IS_NONE;
    change->after.answer = (struct id){0};
    case_change_happened(req, change, CLOCK_EVENT_REOPENED, req->now_us);
    return true;
}

static bool knows_later_words(const struct clock_rows *clocks, int64_t at_us)
{
    for (size_t i = 0; i < clocks->count; i++)
        if (clocks->list[i].clock.kind == CLOCK_PROGRESS &&
            clocks->list[i].clock.started_us >= at_us)
            return true;
    return false;
}

void case_change_words(struct request *req, struct case_change *change, int64_t at_us)
{
    struct case_file *after = &change->after;

    if (after->first_words_us == 0 || at_us < after->first_words_us)
        after->first_words_us = at_us;
    if (!knows_later_words(&change->found.clocks, at_us))
        case_change_happened(req, change, CLOCK_EVENT_WORDS, at_us);
}

static int64_t confirmation_due(const struct clock_rows *clocks)
{
    for (size_t i = clocks->count; i-- > 0;)
        if (clocks->list[i].clock.kind == CLOCK_CONFIRMATION &&
            clocks->list[i].clock.state == CLOCK_RUNNING)
            return clocks->list[i].clock.due_us;
    return 0;
}

/* Serious cases are asked about by another than their handler. */
static bool tell_confirmation_wanted(struct request *req, const struct case_change *change)
{
    const struct case_file *file = &change->after;
    struct codec_confirmation_wanted wanted = {
        .case_id = file->id,
        .customer = file->customer,
        .contact = file->contact,
        .due_us = confirmation_due(&change->found.clocks),
    };

    if (file->kind == CASE_IS_COMPLAINT && severity_is_reported(file->severity))
        wanted.not_by = file->handler;
    return case_change_tell(req, change, codec_confirmation_wanted(&wanted, req->arena));
}

bool case_change_ask_satisfied(struct request *req, struct case_change *change)
{
    struct case_view view = case_change_view(req, change);
    struct case_facts facts = case_file_facts(&view, false, false);
    struct case_refusal refusal;
    enum case_state to;

    if (!facts.asks_confirmation || change->after.is_historic ||
        !case_move(&facts, CASE_ASKS, &to, &refusal))
        return true;
    move(req, change, CASE_ASKS, to);
    return tell_confirmation_wanted(req, change);
}

/* --- weighing --- */

static int64_t comparable_amount(const struct request *req, const struct case_file *file)
{
    bool is_ours = file->currency.bytes == 0 ||
                   (file->currency.bytes == strlen(req->service->currency) &&
                    memcmp(file->currency.at, req->service->currency, file->currency.bytes) == 0);

    return is_ours ? file->amount_micros : 0;
}

static uint32_t count_recurrences(const struct case_change *change)
{
    const struct case_file *file = &change->after;
    const struct recurrence_case later = {
        .id = file->id,
        .customer = file->customer,
        .kind = file->kind,
        .state = file->state,
        .cause = file->cause,
        .issue = file->issue,
        .product = file->product,
        .batch = file->batch,
        .day = file->day,
    };

    return recurrence_count(change->earlier.list, change->earlier.count, &later,
                            change->rules.severity.recurrence_days);
}

void case_change_weigh(struct request *req, struct case_change *change)
{
    struct case_file *file = &change->after;
    enum priority before = file->priority;
    const struct severity_facts facts = {
        .kind = file->kind,
        .safety = file->safety,
        .legal_or_media = file->legal_or_media,
        .amount_micros = comparable_amount(req, file),
        .recurrences = count_recurrences(change),
    };

    assert(change->weighs);
    file->severity = severity_of(&facts, &change->rules.severity);
    file->priority = severity_priority(file->severity, &change->found.customer);
    if (file->priority == before || case_is_ended(file->state))
        return;
    case_clocks_change(req, file, &change->rules,
                       file->priority > before ? CLOCK_BY_RAISED_PRIORITY
                                               : CLOCK_BY_LOWERED_PRIORITY,
                       &change->found.clocks);
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

static const char *first_act(const struct case_change *change)
{
    return change->act_name         ? change->act_name
           : change->step_count > 0 ? change->steps[0].act
                                    : "change";
}

static void put_entries(struct request *req, const struct case_change *change, struct text reason,
                        const char *detail)
{
    const struct case_file *before = &change->found.file;
    struct case_change_step only = {first_act(change), before->state, change->after.state};
    const struct case_change_step *steps = change->step_count > 0 ? change->steps : &only;
    size_t count = change->step_count > 0 ? change->step_count : 1;

    for (size_t i = 0; i < count; i++)
        cases_add_entry(req, &(struct cases_entry){
                                 .case_id = before->id,
                                 .at_us = req->now_us,
                                 .act = i == 0 ? first_act(change) : steps[i].act,
                                 .from = steps[i].from,
                                 .to = steps[i].to,
                                 .by = name_of(req),
                                 .reason = i == 0 ? reason : TEXT_OF(""),
                                 .detail = i == 0 ? detail : "",
                             });
}

static bool same_text(struct text a, struct text b)
{
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.at, b.at, a.bytes) == 0);
}

static bool tell_moves(struct request *req, const struct case_change *change)
{
    for (size_t i = 0; i < change->step_count; i++) {
        const struct case_change_step *step = &change->steps[i];

        if (step->from != step->to &&
            !case_change_tell(req, change,
                              codec_case_moved(&change->after, step->from, step->to, step->act,
                                               req->now_us, req->arena)))
            return false;
    }
    return true;
}

static bool tell_differences(struct request *req, const struct case_change *change)
{
    const struct case_file *before = &change->found.file, *after = &change->after;

    if ((!same_id(&before->handler, &after->handler) || !same_text(before->team, after->team)) &&
        !case_change_tell(req, change, codec_case_assigned(after, &before->handler, req->arena)))
        return false;
    if ((before->priority != after->priority || before->severity != after->severity) &&
        !case_change_tell(
            req, change,
            codec_case_priority_changed(after, before->priority, first_act(change), req->arena)))
        return false;
    return !severity_is_reported(after->severity) || severity_is_reported(before->severity) ||
           after->is_historic ||
           case_change_tell(req, change, codec_serious_case_reported(after, req->arena));
}

/* What a customer's standing is counted from (domain/repeat.h). */
static void mark_standing(struct request *req, const struct case_change *change)
{
    const struct case_file *before = &change->found.file, *after = &change->after;
    bool is_moved = !same_id(&before->customer, &after->customer);

    if (before->state == after->state && before->severity == after->severity &&
        before->fault == after->fault && same_id(&before->handler, &after->handler) && !is_moved)
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

bool case_change_put(struct request *req, struct case_change *change, struct text reason,
                     const char *detail)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&change->found.file.id, id);
    if (!change->keeps_row)
        put_row(req, change);
    put_entries(req, change, reason, detail);
    audit_add(req, arena_print(req->arena, "%s case", first_act(change)), id, detail);
    return !arena_is_full(req->arena) && tell_moves(req, change) && tell_differences(req, change);
}

static enum flow end_timer(struct request *req)
{
    return flow_end(req);
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

    if (!case_change_put(req, change, reason, detail))
        return flow_refuse_large(req);
    if (timer_of(req)) {
        timer_settle(req, timer_of(req));
        return flow_commit(req, end_timer);
    }
    return command_commit(req, codec_case_reply(&reply, req->arena));
}
