#include "services/complaints/codec/codec_case_handling.h"

#include <string.h>

#include "common/pure/currency.h"
#include "kehu/complaints/v1/cases.pb-c.h"
#include "services/complaints/codec/codec_attachment.h"

#define CODE_MAX 64
#define TEAM_MAX 64
#define ORDER_MAX 200
#define PRODUCT_MAX 64
#define REFERENCE_MAX 265
#define MONEY_MAX (INT64_C(1000000000000) * 1000000)
#define CALLS_WITHIN_US (400 * DAY_US) /* how long after it a call may be logged */

static const char *const channels[] = {"", "sms", "email", "wechat", "letter", "online", NULL};
#define CHANNELS "sms, email, wechat, letter or online; empty: by his channels"

static struct text read_reason(struct codec_read *r, const char *field, const char *value,
                               bool is_needed)
{
    return codec_read_text(r, field, value, CODEC_HANDLING_REASON_MAX, is_needed);
}

/* --- who has it, and its early ends --- */

enum status codec_get_take(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__TakeCase, kehu__complaints__v1__take_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->handler = codec_read_line(&r, "handler", ask->handler, CODE_MAX, false);
    return codec_read_end(&r);
}

enum status codec_get_assign(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__AssignCase,
                    kehu__complaints__v1__assign_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->handler = codec_read_line(&r, "handler", ask->handler, CODE_MAX, false);
    out->team = codec_read_line(&r, "team", ask->team, TEAM_MAX, false);
    out->reason = read_reason(&r, "reason", ask->reason, false);
    if (out->handler.bytes == 0 && out->team.bytes == 0)
        codec_read_fault(&r, "handler", "or team must be given: a person's code, or a team's");
    return codec_read_end(&r);
}

enum status codec_get_investigate(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__StartInvestigation,
                    kehu__complaints__v1__start_investigation__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "note", ask->note, false);
    return codec_read_end(&r);
}

enum status codec_get_reject(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RejectCase,
                    kehu__complaints__v1__reject_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    out->refer_to = codec_read_line(&r, "refer_to", ask->refer_to, 200, false);
    return codec_read_end(&r);
}

enum status codec_get_withdraw(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__WithdrawCase,
                    kehu__complaints__v1__withdraw_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    return codec_read_end(&r);
}

enum status codec_get_reopen(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ReopenCase,
                    kehu__complaints__v1__reopen_case__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    return codec_read_end(&r);
}

enum status codec_get_merge(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_handling *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__MergeCases,
                    kehu__complaints__v1__merge_cases__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->into = ask->into;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    return codec_read_end(&r);
}

/* --- words --- */

enum status codec_get_note(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_words *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__AddNote, kehu__complaints__v1__add_note__descriptor);

    out->ref = ask->ref;
    out->text = codec_read_text(&r, "text", ask->text, CODEC_HANDLING_TEXT_MAX, true);
    out->attachments = codec_attachments_read(&r, ask->attachments, ask->n_attachments);
    out->channel = "";
    return codec_read_end(&r);
}

enum status codec_get_send_message(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_words *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SendCaseMessage,
                    kehu__complaints__v1__send_case_message__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->text = codec_read_text(&r, "text", ask->text, CODEC_HANDLING_TEXT_MAX, true);
    out->channel = channels[codec_read_word(&r, "channel", ask->channel, channels, CHANNELS, 0)];
    out->attachments = TEXT_OF("[]");
    out->is_substantive = true;
    return codec_read_end(&r);
}

static int64_t read_at(struct codec_read *r, const Google__Protobuf__Timestamp *at, int64_t now_us)
{
    int64_t at_us = codec_read_time(r, "at", at, now_us, now_us);

    if (at_us < now_us - CALLS_WITHIN_US)
        codec_read_fault(r, "at", "is more than 400 days ago: give when it was, or leave it out");
    return at_us;
}

enum status codec_get_log_call(const uint8_t *payload, size_t bytes, int64_t now_us,
                               struct arena *arena, struct codec_words *out,
                               struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__LogCall, kehu__complaints__v1__log_call__descriptor);

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->outcome = delivery_call_read((struct text){ask->outcome, strlen(ask->outcome)});
    if (out->outcome == DELIVERY_CALL_IS_NONE)
        codec_read_fault(&r, "outcome",
                         "must be reached, no_answer, refused, wrong_number or message_left");
    out->text = codec_read_text(&r, "text", ask->text, CODEC_HANDLING_TEXT_MAX, false);
    out->is_substantive = ask->substantive;
    if (ask->substantive && out->outcome != DELIVERY_REACHED)
        codec_read_fault(&r, "substantive", "is only what was said to him: outcome reached");
    if (ask->substantive && out->text.bytes == 0)
        codec_read_fault(&r, "text", "is missing: what was said to him");
    out->at_us = read_at(&r, ask->at, now_us);
    out->channel = "phone";
    out->attachments = TEXT_OF("[]");
    return codec_read_end(&r);
}

static const char *name_channel(Kehu__Complaints__V1__Channel channel)
{
    return channel ? case_channel_name((enum case_channel)channel) : "other";
}

enum status codec_get_record_reply(const uint8_t *payload, size_t bytes, int64_t now_us,
                                   struct arena *arena, struct codec_words *out,
                                   struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RecordReply,
                    kehu__complaints__v1__record_reply__descriptor);

    out->ref = ask->ref;
    out->text = codec_read_text(&r, "text", ask->text, CODEC_HANDLING_TEXT_MAX, true);
    out->channel = name_channel(ask->channel);
    out->at_us = read_at(&r, ask->at, now_us);
    out->attachments = TEXT_OF("[]");
    return codec_read_end(&r);
}

/* --- what became of messages --- */

static void read_outcome(struct codec_read *r, const char *message, const char *outcome,
                         struct codec_delivery *out)
{
    static const char *const outcomes[] = {"accepted", "delivered", "bounced", NULL};
    static const enum delivery deliveries[] = {DELIVERY_ACCEPTED, DELIVERY_DELIVERED,
                                               DELIVERY_BOUNCED};

    codec_read_id(r, "message_id", message, true, &out->message);
    out->outcome = deliveries[codec_read_word(r, "outcome", outcome, outcomes,
                                              "accepted, delivered or bounced", -1)];
}

enum status codec_get_record_delivery(const uint8_t *payload, size_t bytes, int64_t now_us,
                                      struct arena *arena, struct codec_delivery *out,
                                      struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RecordDelivery,
                    kehu__complaints__v1__record_delivery__descriptor);

    out->ref = ask->ref;
    read_outcome(&r, ask->message_id, ask->outcome, out);
    out->at_us = read_at(&r, ask->at, now_us);
    return codec_read_end(&r);
}

/* --- severity and links --- */

enum status codec_get_set_severity(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_set_severity *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SetSeverity,
                    kehu__complaints__v1__set_severity__descriptor);
    const Kehu__Complaints__V1__SeverityFacts *facts = ask->severity;

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    if (!facts) {
        codec_read_fault(&r, "severity", "is missing: what decides it, such as safety");
        return codec_read_end(&r);
    }
    r.under = "severity.";
    out->safety = (enum severity)facts->safety;
    out->legal_or_media = (enum severity)facts->legal_or_media;
    out->amount_micros = facts->amount_micros;
    if (facts->amount_micros < 0 || facts->amount_micros > MONEY_MAX)
        codec_read_fault(&r, "amount_micros",
                         "must be an amount from 0 to 1,000,000,000,000 in millionths");
    out->currency = codec_read_line(&r, "currency", facts->currency, 3, false);
    if (facts->currency[0] && !currency_is_known(facts->currency))
        codec_read_fault(&r, "currency", "must be a code of ISO 4217 such as CNY, or empty");
    return codec_read_end(&r);
}

enum status codec_get_link(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_link *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__LinkCase, kehu__complaints__v1__link_case__descriptor);
    const Kehu__Complaints__V1__Links *links = ask->links;

    out->ref = ask->ref;
    out->expected_version = ask->expected_version;
    if (links) {
        r.under = "links.";
        out->order_number =
            codec_read_line(&r, "order_number", links->order_number, ORDER_MAX, false);
        out->product = codec_read_line(&r, "product", links->product, PRODUCT_MAX, false);
        out->batch = codec_read_line(&r, "batch", links->batch, PRODUCT_MAX, false);
        r.under = "";
    }
    out->customer = codec_read_line(&r, "customer_ref", ask->customer_ref, REFERENCE_MAX, false);
    out->has_contact = codec_read_id(&r, "contact_id", ask->contact_id, false, &out->contact);
    if (!out->has_contact &&
        out->customer.bytes + out->order_number.bytes + out->product.bytes + out->batch.bytes == 0)
        codec_read_fault(&r, "links",
                         "is missing: an order, a product, a batch, a customer or a contact");
    return codec_read_end(&r);
}
