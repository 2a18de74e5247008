/*
 * kehu.complaints.v1.AddNote, SendCaseMessage and LogCall: what is said about a case and to the
 * complainant. A message counts as words when it reached him (case_delivery.c), a call when it did
 * and something was said.
 *
 *   decode  → the receipt, the case, the rules
 *   decide  → the row, the clocks, the wish to send; one commit
 */
#include <string.h>

#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"

struct saying {
    struct case_change change; /* first */
    struct codec_words ask;
};

static enum flow add_note(struct request *req);
static enum flow send_message(struct request *req);
static enum flow log_call(struct request *req);

static struct case_message message_of(struct request *req, struct saying *r)
{
    r->change.made = request_new_id(req);
    return (struct case_message){
        .case_id = r->change.found.file.id,
        .id = r->change.made,
        .at_us = req->now_us,
        .text = r->ask.text,
        .channel = r->ask.channel,
        .by = who_name(req),
        .is_substantive = r->ask.is_substantive,
        .attachments = r->ask.attachments,
    };
}

/* --- AddNote --- */

enum flow handle_add_note(struct request *req)
{
    struct saying *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_note(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.keeps_row = true;
    return case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_READS, add_note);
}

static enum flow add_note(struct request *req)
{
    struct saying *r = req->state;
    struct case_message note = message_of(req, r);

    note.is_internal = true;
    case_message_add(req, &note);
    r->change.act_name = "note";
    return case_change_commit(req, &r->change, TEXT_OF(""), "");
}

/* --- SendCaseMessage --- */

enum flow handle_send_case_message(struct request *req)
{
    struct saying *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_send_message(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            send_message);
}

/* By the channel that is named, else by that on which he wants to be answered; calls are no
 * messages. */
static struct text channel_of(const struct saying *r)
{
    const struct text *wanted = &r->change.found.file.reply_to;

    if (r->ask.channel[0] != '\0')
        return (struct text){r->ask.channel, strlen(r->ask.channel)};
    return wanted->bytes == 5 && memcmp(wanted->at, "phone", 5) == 0 ? TEXT_OF("") : *wanted;
}

static enum flow send_message(struct request *req)
{
    struct saying *r = req->state;
    struct case_message message = message_of(req, r);
    struct text channel = channel_of(r);

    if (r->change.found.file.is_anonymous) {
        flow_violation(req, "ref", "the complainant is anonymous: nothing can be sent to him");
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the complainant is anonymous: nothing can be sent to him");
    }
    message.channel = arena_copy_text(req->arena, channel.at ? channel.at : "", channel.bytes);
    message.has_delivery = true;
    message.delivery = DELIVERY_WANTED;
    if (!message.channel)
        return flow_refuse_large(req);
    case_message_add(req, &message);
    r->change.act_name = "message";
    if (!case_change_tell(req, &r->change,
                          codec_case_message_wanted(&r->change.found.file, &message.id, "message",
                                                    channel, req->arena)))
        return flow_refuse_large(req);
    return case_change_commit(req, &r->change, TEXT_OF(""), message.channel);
}

/* --- LogCall --- */

enum flow handle_log_call(struct request *req)
{
    struct saying *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_log_call(req->payload, req->payload_bytes, req->now_us,
                                            req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.is_beyond_sight = true;
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_CALLS,
                            log_call);
}

static enum flow log_call(struct request *req)
{
    struct saying *r = req->state;
    struct case_message call = message_of(req, r);
    bool is_words = r->ask.outcome == DELIVERY_REACHED && r->ask.is_substantive;

    if (r->ask.at_us < r->change.found.file.submitted_us) {
        flow_violation(req, "at", "is before the case was submitted");
        return flow_refuse(req, INVALID_ARGUMENT, "a call about a case comes after it");
    }
    call.at_us = r->ask.at_us;
    call.is_internal = !is_words;
    call.is_substantive = is_words;
    call.has_delivery = is_words;
    call.delivery = DELIVERY_SPOKEN;
    call.delivery_us = r->ask.at_us;
    case_message_add(req, &call);
    r->change.act_name = "call";
    if (is_words)
        case_change_words(req, &r->change, r->ask.at_us);
    return case_change_commit(req, &r->change, TEXT_OF(""), delivery_call_name(r->ask.outcome));
}
