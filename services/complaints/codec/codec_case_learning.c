#include "services/complaints/codec/codec_case_learning.h"

#include <string.h>

#include "common/pure/currency.h"
#include "kehu/complaints/v1/cases.pb-c.h"
#include "kehu/complaints/v1/events.pb-c.h"

static const char *const channels[] = {"",      "phone",  "sms",    "email", "wechat",
                                       "visit", "online", "letter", NULL};
#define CHANNELS "phone, sms, email, wechat, visit, online or letter"
static const char *const outcomes[] = {
    "", "reached", "no_answer", "refused", "wrong_number", "message_left", NULL};

/* --- a solution --- */

static void read_alternatives(struct codec_read *r, char *const *list, size_t count,
                              struct text **out, size_t *out_count)
{
    if (count > CODEC_CASE_ALTERNATIVES_MAX) {
        codec_read_fault(r, "alternatives", "has %zu entries: at most %d", count,
                         CODEC_CASE_ALTERNATIVES_MAX);
        return;
    }
    *out = arena_take_array(r->arena, count, sizeof(**out));
    *out_count = 0;
    for (size_t i = 0; *out && i < count; i++)
        (*out)[(*out_count)++] = codec_read_text(r, arena_print(r->arena, "alternatives[%zu]", i),
                                                 list[i], CODEC_CASE_REASON_MAX, true);
}

static void read_currency(struct codec_read *r, const char *field, const char *code,
                          struct text *out)
{
    *out = (struct text){code, strlen(code)};
    if (code[0] && !currency_is_known(code))
        codec_read_fault(r, field, "must be a code of ISO 4217 such as CNY, or empty");
}

static void read_amount(struct codec_read *r, const char *field, int64_t micros, int64_t *out)
{
    *out = micros;
    if (micros < 0 || micros > CODEC_CASE_MONEY_MAX)
        codec_read_fault(r, field, "must be an amount from 0 to 1,000,000,000,000 in millionths");
}

static void read_remedy(struct codec_read *r, const Kehu__Complaints__V1__Remedy *from,
                        struct codec_propose *out)
{
    enum remedy_flaw flaw;

    r->under = "remedy.";
    if (!from) {
        codec_read_fault(r, "kind", "is missing: %s",
                         remedy_flaw_text(REMEDY_KIND_IS_UNKNOWN, TELLING_IS_EN));
        return;
    }
    out->kind = remedy_kind_read((struct text){from->kind, strlen(from->kind)});
    read_amount(r, "amount_micros", from->amount_micros, &out->amount_micros);
    read_currency(r, "currency", from->currency, &out->currency);
    out->description =
        codec_read_text(r, "description", from->description, CODEC_CASE_TEXT_MAX, false);
    flaw = remedy_check(out->kind, from->amount_micros);
    if (flaw && flaw != REMEDY_AMOUNT_IS_NEGATIVE)
        codec_read_fault(r, flaw == REMEDY_KIND_IS_UNKNOWN ? "kind" : "amount_micros", "%s",
                         remedy_flaw_text(flaw, TELLING_IS_EN));
}

enum status codec_get_propose(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_propose *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ProposeSolution,
                    kehu__complaints__v1__propose_solution__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->text = codec_read_text(&r, "text", ask->text, CODEC_CASE_TEXT_MAX, true);
    read_alternatives(&r, ask->alternatives, ask->n_alternatives, &out->alternatives,
                      &out->alternative_count);
    read_remedy(&r, ask->remedy, out);
    return codec_read_end(&r);
}

enum status codec_get_approve(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_case_step *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ApproveRemedy,
                    kehu__complaints__v1__approve_remedy__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->is_yes = ask->approved;
    /* Who is refused must know why, to propose something better. */
    out->reason = codec_read_text(&r, "reason", ask->reason, CODEC_CASE_REASON_MAX, !ask->approved);
    return codec_read_end(&r);
}

enum status codec_get_agree(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_case_step *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__AgreeSolution,
                    kehu__complaints__v1__agree_solution__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = codec_read_text(&r, "note", ask->note, CODEC_CASE_REASON_MAX, false);
    return codec_read_end(&r);
}

/* --- the answer and what he says to it --- */

enum status codec_get_answer(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_answer *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__AnswerCase,
                    kehu__complaints__v1__answer_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->text = codec_read_text(&r, "text", ask->text, CODEC_CASE_TEXT_MAX, true);
    out->channel =
        channels[codec_read_word(&r, "channel", ask->channel, channels, CHANNELS ", or empty", 0)];
    out->is_spoken = ask->spoken;
    out->reason = codec_read_text(&r, "reason", ask->reason, CODEC_CASE_REASON_MAX, false);
    return codec_read_end(&r);
}

enum status codec_get_confirm(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_case_step *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ConfirmCase,
                    kehu__complaints__v1__confirm_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->is_yes = ask->satisfied;
    out->is_by_customer = ask->by_customer;
    /* With what he is not satisfied is what is looked into next. */
    out->reason = codec_read_text(&r, "note", ask->note, CODEC_CASE_REASON_MAX, !ask->satisfied);
    return codec_read_end(&r);
}

enum status codec_get_dispute(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_case_step *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__DisputeCase,
                    kehu__complaints__v1__dispute_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = codec_read_text(&r, "reason", ask->reason, CODEC_CASE_REASON_MAX, true);
    read_alternatives(&r, ask->alternatives, ask->n_alternatives, &out->alternatives,
                      &out->alternative_count);
    return codec_read_end(&r);
}

enum status codec_get_close(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_case_step *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__CloseCase, kehu__complaints__v1__close_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = codec_read_text(&r, "reason", ask->reason, CODEC_CASE_REASON_MAX, false);
    return codec_read_end(&r);
}

enum status codec_get_attempt(const uint8_t *payload, size_t bytes, int64_t now_us,
                              struct arena *arena, struct codec_attempt *out,
                              struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RecordConfirmationAttempt,
                    kehu__complaints__v1__record_confirmation_attempt__descriptor);

    out->ref = ask->ref;
    out->channel =
        channels[codec_read_word(&r, "channel", ask->channel, &channels[1], CHANNELS, -1) + 1];
    out->outcome = (enum delivery_call)(
        codec_read_word(&r, "outcome", ask->outcome, &outcomes[1],
                        "reached, no_answer, refused, wrong_number or message_left", -1) +
        1);
    out->at_us = codec_read_time(&r, "at", ask->at, now_us, now_us);
    return codec_read_end(&r);
}

enum status codec_get_rate(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_rate *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RateCase, kehu__complaints__v1__rate_case__descriptor);

    out->ref = ask->ref;
    out->rating = ask->rating;
    if (ask->rating < 1 || ask->rating > 5)
        codec_read_fault(&r, "rating", "must be from 1 to 5");
    out->text = codec_read_text(&r, "text", ask->text, CODEC_CASE_REASON_MAX, false);
    out->has_invitation = codec_read_id(&r, "invitation", ask->invitation, false, &out->invitation);
    return codec_read_end(&r);
}

/* --- cause and work --- */

enum status codec_get_set_cause(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_set_cause *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SetCause, kehu__complaints__v1__set_cause__descriptor);
    const Kehu__Complaints__V1__CaseHandling *handling = ask->handling;

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->topic = codec_read_text(&r, "topic", ask->topic, CODEC_CASE_REASON_MAX, false);
    if (!handling || (!handling->cause[0] && !handling->unit[0] && !handling->fault)) {
        if (out->topic.bytes == 0)
            codec_read_fault(&r, "handling", "is empty: give cause, unit or fault, or a topic");
        if (!handling)
            return codec_read_end(&r);
    }
    r.under = "handling.";
    out->cause = codec_read_text(&r, "cause", handling->cause, 64, false);
    out->unit = codec_read_text(&r, "unit", handling->unit, 200, false);
    out->fault = (enum remedy_fault)handling->fault;
    if (handling->remedy)
        codec_read_fault(&r, "remedy",
                         "is proposed with ProposeSolution, so that it is approved and agreed to");
    return codec_read_end(&r);
}

enum status codec_get_work(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_work *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RecordWork,
                    kehu__complaints__v1__record_work__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->is_done = ask->done;
    out->is_charge_noted = ask->charge_noted;
    read_amount(&r, "charge_micros", ask->charge_micros, &out->charge_micros);
    read_currency(&r, "currency", ask->currency, &out->currency);
    out->taken_up = codec_read_text(&r, "taken_up", ask->taken_up, CODEC_CASE_REASON_MAX, false);
    out->not_because =
        codec_read_text(&r, "not_because", ask->not_because, CODEC_CASE_REASON_MAX, false);
    if (out->taken_up.bytes > 0 && out->not_because.bytes > 0)
        codec_read_fault(&r, "not_because", "cannot stand beside taken_up: give one of them");
    if (!ask->done && !ask->charge_noted && out->taken_up.bytes == 0 && out->not_because.bytes == 0)
        codec_read_fault(&r, "done",
                         "nothing is told: give done or charge_noted; of a suggestion taken_up or "
                         "not_because");
    if (ask->charge_micros > 0 && !ask->charge_noted)
        codec_read_fault(&r, "charge_noted", "must be true where there is a charge");
    return codec_read_end(&r);
}

/* --- events --- */

const ProtobufCMessage *codec_confirmation_wanted(const struct codec_confirmation_wanted *wanted,
                                                  struct arena *arena)
{
    Kehu__Complaints__V1__ConfirmationWanted *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__confirmation_wanted__init(out);
    out->case_id = codec_read_print_id(&wanted->case_id, arena);
    out->customer_id = codec_read_print_id(&wanted->customer, arena);
    out->contact_id = codec_read_print_id(&wanted->contact, arena);
    out->due_at = codec_read_print_time(wanted->due_us, arena);
    out->not_by = codec_read_print_id(&wanted->not_by, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_rated(const struct id *case_id, const struct id *customer,
                                         uint32_t rating, struct arena *arena)
{
    Kehu__Complaints__V1__CaseRated *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_rated__init(out);
    out->case_id = codec_read_print_id(case_id, arena);
    out->customer_id = codec_read_print_id(customer, arena);
    out->rating = rating;
    return arena_is_full(arena) ? NULL : &out->base;
}
