/* The moves of a case under the frame of its commands: what each leaves on the file, the clocks,
 * and what is told. */
#include <assert.h>
#include <string.h>

#include "common/service.h"
#include "common/timer.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/refusal.h"

static int32_t day_of(const struct request *req, int64_t at_us)
{
    return zone_day(&req->service->zone, at_us);
}

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

    return !timer_of(req) && who->is_staff &&
           (change->has_worked ||
            memcmp(&who->staff, &change->found.file.handler, sizeof(who->staff)) == 0);
}

static enum flow refuse_move(struct request *req, const struct case_refusal *refusal)
{
    char text[CASE_REFUSAL_BYTES];

    case_tell_refusal(refusal, TELLING_IS_EN, text);
    if (refusal->flaw == CASE_NEEDS_REASON)
        flow_violation(req, "reason", "is missing: say why");
    else
        refusal_name_state(req, refusal->state);
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

/* What is open, each by itself; of the attempts how many are made. */
static void name_conditions(struct request *req, const struct case_change *change,
                            const struct condition_list *open)
{
    char tries[CONFIRMATION_TRIES_BYTES];

    confirmation_tell_tries(&change->found.standing.tries, TELLING_IS_EN, tries);
    for (size_t i = 0; i < open->count; i++)
        flow_violation(
            req, arena_print(req->arena, "condition.%s", condition_code(open->open[i])), "%s",
            open->open[i] == CONDITION_ATTEMPTS ? tries
                                                : condition_sentence(open->open[i], TELLING_IS_EN));
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
    name_conditions(req, change, &open);
    *end = may_move ? flow_refuse(req, FAILED_PRECONDITION,
                                  "the case cannot be closed: each field names what is missing")
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
    const struct recurrence_case later = recurrence_of(file);

    return recurrence_count(change->earlier.list, change->earlier.count, &later,
                            change->rules.severity.recurrence_days);
}

struct severity_facts case_change_facts(const struct request *req, const struct case_change *change)
{
    const struct case_file *file = &change->after;

    assert(change->weighs);
    return (struct severity_facts){
        .kind = file->kind,
        .safety = file->safety,
        .legal_or_media = file->legal_or_media,
        .amount_micros = comparable_amount(req, file),
        .recurrences = count_recurrences(change),
    };
}

/* Another than its handler, as with the confirmation that the case else takes. */
static bool may_lift(const struct request *req, const struct case_change *change)
{
    return who_may(req, CASE_RIGHT_DECIDE) && !change->has_worked &&
           !who_stands_for(req, &change->found.file.handler);
}

/* False: it stays serious. */
static bool weigh_severity(struct request *req, struct case_change *change)
{
    struct case_file *file = &change->after;
    const struct severity_facts facts = case_change_facts(req, change);

    file->severity = severity_of(&facts, &change->rules.severity);
    if (!severity_is_lifted(file->kind, change->found.file.severity, file->severity) ||
        may_lift(req, change))
        return true;
    file->severity = change->found.file.severity;
    return false;
}

bool case_change_weigh(struct request *req, struct case_change *change)
{
    struct case_file *file = &change->after;
    enum priority before = file->priority;
    bool is_as_weighed = weigh_severity(req, change);

    file->priority = severity_priority(file->severity, &change->found.customer);
    if (file->state == CASE_CONFIRMATION_DUE && severity_is_reported(file->severity) &&
        !severity_is_reported(change->found.file.severity) &&
        !tell_confirmation_wanted(req, change))
        return is_as_weighed; /* the arena is full, and the commit refuses it */
    if (file->priority == before || case_is_ended(file->state))
        return is_as_weighed;
    case_clocks_change(req, file, &change->rules,
                       file->priority > before ? CLOCK_BY_RAISED_PRIORITY
                                               : CLOCK_BY_LOWERED_PRIORITY,
                       &change->found.clocks);
    return is_as_weighed;
}
