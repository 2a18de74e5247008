/*
 * kehu.complaints.v1.SettleComplaint and RecordEnquiry: a case that was solved while somebody spoke
 * with its complainant: intake, answer, cause and agreement in one command. It goes through the
 * moves of every case, and is closed where the conditions of every door allow it; else the answer
 * says what is open.
 *
 *   decode  → wait for who complains, and about what
 *   ask     → the receipt, the customer, the rules, the causes
 *   look    → what it may repeat
 *   place   → a number
 *   decide  → the case, its answer, its moves; one commit
 */
#include <string.h>

#include "common/command.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_opening.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/causes.h"
#include "services/complaints/handlers/confirmations.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/openings_join.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"

struct settling {
    struct codec_settling ask;
    struct command_receipt seen;
    struct cause_tree causes;
    struct openings_one one;
    struct openings_set set;
    struct case_change change; /* of the new case */
};

static enum flow ask(struct request *req);
static enum flow look(struct request *req);
static enum flow place(struct request *req);
static enum flow decide(struct request *req);

static enum flow begin(struct request *req, struct settling *r)
{
    uint64_t hashes[OPENINGS_HASHES];
    size_t count;

    r->one.opening = &r->ask.open;
    r->set = (struct openings_set){.list = &r->one, .count = 1, .by = who_name(req)};
    count = openings_hash(&r->ask.open, hashes);
    return count > 0 ? flow_hold(req, hashes, count, ask) : flow_go(req, ask);
}

enum flow handle_settle_complaint(struct request *req)
{
    struct settling *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_settle_complaint(req->payload, req->payload_bytes, req->now_us,
                                                    req->arena, &r->ask, &faults);

    return status ? refusal_of_faults(req, status, &faults) : begin(req, r);
}

enum flow handle_record_enquiry(struct request *req)
{
    struct settling *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_record_enquiry(req->payload, req->payload_bytes, req->now_us,
                                                  req->arena, &r->ask, &faults);

    return status ? refusal_of_faults(req, status, &faults) : begin(req, r);
}

static enum flow ask(struct request *req)
{
    struct settling *r = req->state;

    command_find(req, &r->seen);
    openings_ask(req, &r->set);
    policies_in_force_ask_causes(req, &r->causes);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct settling *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!causes_check(req, "handling.cause", &r->causes, r->ask.cause, TEXT_OF(""), &end))
        return end;
    openings_look(req, &r->set);
    return flow_wait(req, place);
}

/* --- what it costs --- */

static bool is_comparable(const struct request *req, struct text currency)
{
    const char *ours = req->service->currency;

    return currency.bytes == 0 ||
           (currency.bytes == strlen(ours) && memcmp(currency.at, ours, currency.bytes) == 0);
}

/* On the spot nobody waits for an approval. */
static bool check_remedy(struct request *req, const struct settling *r, enum flow *end)
{
    if (!r->ask.remedy || remedy_may_stand(remedy_propose(
                              r->ask.remedy_micros, is_comparable(req, r->ask.remedy_currency),
                              who_rank(req), &r->set.rules.remedies)))
        return true;
    flow_violation(req, "handling.remedy.amount_micros",
                   "is above your limit: open the case and propose the solution, for approval");
    *end = flow_refuse(req, FAILED_PRECONDITION,
                       "the remedy needs approval: the case cannot be settled on the spot");
    return false;
}

/* What joins a case that is open is said to it; it is not solved beside it. */
static bool check_place(struct request *req, const struct settling *r, enum flow *end)
{
    const struct openings_one *one = &r->one;

    if (one->field) {
        flow_violation(req, arena_print(req->arena, "open.%s", one->field), "%s", one->why);
        *end = flow_refuse(req, FAILED_PRECONDITION, "%s %s", one->field, one->why);
        return false;
    }
    if (openings_is_joined(one)) {
        flow_violation(req, "open.links",
                       "are those of %.*s, which is open: answer that one, or leave them out",
                       (int)one->at->number.bytes, one->at->number.at);
        *end = flow_refuse(req, FAILED_PRECONDITION, "%.*s is about the same and open",
                           (int)one->at->number.bytes, one->at->number.at);
        return false;
    }
    return true;
}

static enum flow place(struct request *req)
{
    struct settling *r = req->state;
    enum flow end;

    openings_sort(req, &r->set);
    if (!check_place(req, r, &end) || !check_remedy(req, r, &end))
        return end;
    openings_draw(req, &r->set);
    return flow_wait(req, decide);
}

/* --- what became of it --- */

/* The case as the frame of commands knows those that it found. */
static void begin_change(struct request *req, struct settling *r)
{
    const struct who *who = who_of(req);
    struct case_change *change = &r->change;
    struct case_file *after = &change->after;

    change->found = (struct cases_found){
        .found = true, .file = r->one.file, .clocks = r->one.clocks, .handler_code = ""};
    change->found.customer = r->one.person.standing;
    change->rules = r->set.rules;
    *after = change->found.file;
    if (who->is_staff)
        after->handler = who->staff;
}

static void apply_handling(struct request *req, struct settling *r)
{
    struct case_file *after = &r->change.after;
    const struct cause *cause = cause_find(&r->causes, r->ask.cause);

    after->topic = r->ask.topic;
    after->fault = r->ask.fault;
    after->unit = r->ask.unit;
    if (cause)
        after->cause = cause->code;
    if (cause && after->unit.bytes == 0)
        after->unit = cause->unit;
    if (!r->ask.remedy)
        return;
    after->remedy = r->ask.remedy;
    after->remedy_micros = r->ask.remedy_micros;
    after->remedy_currency = r->ask.remedy_currency;
    after->remedy_text = r->ask.remedy_text;
    after->remedy_by = after->handler;
    after->remedy_state =
        remedy_propose(r->ask.remedy_micros, is_comparable(req, r->ask.remedy_currency),
                       who_rank(req), &r->set.rules.remedies);
}

static void add_answer(struct request *req, struct settling *r)
{
    struct case_file *after = &r->change.after;
    struct case_standing *standing = &r->change.found.standing;

    after->answer = request_new_id(req);
    case_message_add(req, &(struct case_message){
                              .case_id = after->id,
                              .id = after->answer,
                              .at_us = req->now_us,
                              .is_substantive = true,
                              .text = r->ask.answer,
                              .channel = case_channel_name(after->channel),
                              .by = who_name(req),
                              .has_delivery = true,
                              .delivery = DELIVERY_SPOKEN,
                              .delivery_us = req->now_us,
                          });
    standing->has_answer = true;
    standing->answer = (struct delivery_facts){.is_spoken = true, .accepted_us = req->now_us};
}

/* He said that he is satisfied, where he would be asked; of a grave case somebody else asks. */
static bool says_enough(const struct request *req, const struct settling *r)
{
    struct case_view view = case_change_view(req, &r->change);
    const struct case_file *after = &r->change.after;

    return r->ask.is_satisfied && case_file_facts(&view, false, false).asks_confirmation &&
           confirmation_is_enough(CONFIRMED_BY_HIMSELF, after->kind, after->severity);
}

/* Told on the spot, he has it; whether he is satisfied he said, or is asked. */
static bool settle(struct request *req, struct settling *r, enum flow *end)
{
    struct case_change *change = &r->change;

    if (!case_change_move(req, change, CASE_SETTLES, TEXT_OF(""), end))
        return false;
    case_change_happened(req, change, CLOCK_EVENT_AUTO_ACKNOWLEDGED, req->now_us);
    case_change_happened(req, change, CLOCK_EVENT_TAKEN, req->now_us);
    case_change_words(req, change, req->now_us);
    case_change_happened(req, change, CLOCK_EVENT_ANSWERED, req->now_us);
    if (!says_enough(req, r)) {
        if (case_change_ask_satisfied(req, change))
            return true;
        *end = flow_refuse_large(req);
        return false;
    }
    return case_change_move(req, change, CASE_ASKS, TEXT_OF(""), end) &&
           confirmations_say_yes(req, change, confirmations_how(req, change, true), TEXT_OF(""),
                                 end);
}

/* Through the one door, where nothing is open any more. */
static bool close_where_possible(struct request *req, struct settling *r, enum flow *end)
{
    struct case_view view = case_change_view(req, &r->change);
    const struct case_facts facts = case_file_facts(&view, false, false);
    const struct condition_facts conditions = case_file_conditions(&view, false);
    struct case_refusal refusal;
    enum case_state to;

    if (condition_check(&conditions).count > 0 || !case_move(&facts, CASE_CLOSES, &to, &refusal))
        return true;
    return case_change_close(req, &r->change, CASE_CLOSES, TEXT_OF(""), end);
}

static enum flow reply(struct request *req, const struct settling *r)
{
    const struct case_file *after = &r->change.after;
    struct case_view view = case_change_view(req, &r->change);
    const struct condition_facts conditions = case_file_conditions(&view, false);
    const struct condition_list open = condition_check(&conditions);

    return command_commit(
        req, codec_case_reply(
                 &(struct codec_case_reply){.file = after,
                                            .version = after->version + 1,
                                            .possible = r->one.possible,
                                            .possible_count = r->one.possible_count,
                                            .is_new = true,
                                            .open = case_is_ended(after->state) ? NULL : &open},
                 req->arena));
}

static enum flow decide(struct request *req)
{
    struct settling *r = req->state;
    enum flow end;

    if (!openings_make(req, &r->set) || !openings_put(req, &r->set, 0, true))
        return flow_refuse_large(req);
    begin_change(req, r);
    apply_handling(req, r);
    add_answer(req, r);
    if (!settle(req, r, &end) || !close_where_possible(req, r, &end))
        return end;
    if (!case_change_note(req, &r->change, TEXT_OF(""), "") || !case_change_save(req, &r->change))
        return flow_refuse_large(req);
    return reply(req, r);
}
