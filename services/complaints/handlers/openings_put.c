/* What is written of new cases, and told of them. */
#include <string.h>

#include "common/log.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/handlers/openings.h"
#include "services/complaints/store/case_message.h"
#include "services/complaints/store/case_weigh.h"
#include "services/complaints/store/standing.h"

static bool tell(struct request *req, const struct id *case_id, const ProtobufCMessage *event)
{
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, case_id, packed.bytes, packed.count);
    return true;
}

static bool has_attachments(const struct opening *opening)
{
    return opening->attachments.bytes > 2; /* more than [] */
}

void openings_add_said(struct request *req, const struct id *case_id, const struct opening *opening,
                       struct text text)
{
    const struct case_message message = {
        .case_id = *case_id,
        .id = request_new_id(req),
        .at_us = req->now_us,
        .is_from_complainant = true,
        .text = text,
        .channel = case_channel_name(opening->channel),
        .by = "",
        .attachments = opening->attachments,
    };

    case_message_add(req, &message);
}

/* --- the automatic acknowledgement --- */

/* He hears it from who takes the call, or there is no way to him that we know. */
static bool has_channel(const struct case_file *file)
{
    if (file->is_anonymous || uuid_is_none(&file->customer))
        return false;
    return file->reply_to.bytes > 0 || file->channel == CASE_BY_ONLINE ||
           file->channel == CASE_BY_EMAIL || file->channel == CASE_BY_WECHAT;
}

/* Is he to be told by a message that we have it? Of a clock that nothing will stop nobody would
 * learn anything: without a channel it is met at once. */
static bool acknowledge(struct request *req, struct openings_set *set, struct openings_one *one)
{
    const struct case_file *file = &one->file;
    struct case_message message = {
        .case_id = file->id,
        .at_us = req->now_us,
        .channel = "",
        .by = "kehu",
        .has_delivery = true,
        .delivery = DELIVERY_WANTED,
        .delivery_us = req->now_us,
    };
    char *text;

    if (!has_channel(file)) {
        case_clocks_happen(req, file, &set->rules, CLOCK_EVENT_AUTO_ACKNOWLEDGED, req->now_us,
                           &one->clocks);
        return true;
    }
    text = arena_print(req->arena, "您好,您反映的问题已收到,编号%.*s。我们会尽快处理并与您联系。",
                       (int)file->number.bytes, file->number.at);
    message.id = request_new_id(req);
    message.text = text ? (struct text){text, strlen(text)} : TEXT_OF("");
    case_message_add(req, &message);
    return tell(
        req, &file->id,
        codec_case_message_wanted(file, &message.id, "acknowledge", file->reply_to, req->arena));
}

/* --- rows --- */

static void put_clocks(struct request *req, const struct openings_one *one)
{
    const struct case_file *file = &one->file;
    enum clock_kind kind = CLOCK_KIND_IS_NONE;
    int64_t due_us = CLOCK_NEVER;

    if (!case_clocks_first(&one->clocks, &due_us, &kind)) {
        due_us = CLOCK_NEVER;
        kind = CLOCK_KIND_IS_NONE;
    }
    case_clock_put(req, &one->clocks);
    if (!case_is_ended(file->state))
        cases_put_queue(req, file, file->priority, due_us, kind);
}

static void put_history(struct request *req, const struct openings_set *set,
                        const struct openings_one *one)
{
    const struct case_file *file = &one->file;
    bool is_recorded = one->opening->recorded.is_recorded;

    cases_add_entry(req, &(struct cases_entry){
                             .case_id = file->id,
                             .at_us = file->received_us,
                             .act = is_recorded ? "record" : "open",
                             .from = CASE_STATE_IS_NONE,
                             .to = file->state,
                             .by = set->by,
                             .reason = TEXT_OF(""),
                             .detail = one->is_historic ? "historic" : "",
                         });
}

/* History is told as such, and nobody is alarmed by it. */
static bool tell_opened(struct request *req, const struct openings_one *one)
{
    const struct case_file *file = &one->file;

    if (!tell(req, &file->id, codec_case_opened(file, req->arena)))
        return false;
    if (case_is_ended(file->state))
        return tell(req, &file->id,
                    codec_case_moved(file, CASE_INVESTIGATING, file->state, "record",
                                     file->closed_us ? file->closed_us : file->received_us,
                                     req->arena));
    return one->is_historic || !severity_is_reported(file->severity) ||
           tell(req, &file->id, codec_serious_case_reported(file, req->arena));
}

static bool put_new(struct request *req, struct openings_set *set, struct openings_one *one,
                    bool goes_on)
{
    const struct case_file *file = &one->file;

    cases_add(req, file);
    put_history(req, set, one);
    for (size_t i = 0; i < one->possible_count; i++)
        case_intake_put_similar(req, &file->id, &one->possible_ids[i]);
    if (has_attachments(one->opening))
        openings_add_said(req, &file->id, one->opening, TEXT_OF(""));
    if (!tell_opened(req, one))
        return false;
    if (!goes_on && !one->is_historic && !acknowledge(req, set, one))
        return false;
    if (!goes_on)
        put_clocks(req, one);
    standing_mark(req, &file->customer);
    return true;
}

/* It says more about a new case of this set. */
static void put_joined(struct request *req, const struct openings_set *set,
                       const struct openings_one *one)
{
    const struct case_file *file = &set->list[one->joins_place].file;

    openings_add_said(req, &file->id, one->opening, one->opening->content);
    cases_add_entry(req, &(struct cases_entry){
                             .case_id = file->id,
                             .at_us = req->now_us,
                             .act = "reply",
                             .from = file->state,
                             .to = file->state,
                             .by = set->by,
                             .reason = TEXT_OF(""),
                             .detail = "",
                         });
}

bool openings_put(struct request *req, struct openings_set *set, size_t i, bool goes_on)
{
    struct openings_one *one = &set->list[i];

    if (one->joins_place != OPENINGS_NOWHERE) {
        put_joined(req, set, one);
        return true;
    }
    return put_new(req, set, one, goes_on);
}

/* --- one after the other --- */

static uint64_t hash_person(const struct opening *opening)
{
    const struct customer_ref *ref = &opening->customer;

    if (opening->who == OPENING_BY_PHONE)
        return flow_subject_hash("complainant", TEXT_OF("phone"), opening->phone);
    if (ref->kind == CUSTOMER_REF_EXTERNAL)
        return flow_subject_hash("complainant", ref->source, ref->external_id);
    if (ref->kind == CUSTOMER_REF_ID)
        return flow_subject_hash("complainant", TEXT_OF("id"),
                                 (struct text){(const char *)ref->id.bytes, sizeof(ref->id.bytes)});
    return flow_subject_hash("complainant", TEXT_OF("number"),
                             (struct text){(const char *)&ref->number, sizeof(ref->number)});
}

size_t openings_hash(const struct opening *opening, uint64_t hashes[OPENINGS_HASHES])
{
    size_t count = 0;

    if (opening->who != OPENING_BY_NOBODY)
        hashes[count++] = hash_person(opening);
    if (opening->order_number.bytes > 0)
        hashes[count++] = flow_subject_hash("order", TEXT_OF(""), opening->order_number);
    if (opening->external_source.bytes > 0)
        hashes[count++] = flow_subject_hash("case", opening->external_source, opening->external_id);
    return count;
}

/* --- linked later --- */

#define LATE_US (3600 * SECOND_US)

static enum flow link_late(struct request *req)
{
    const struct case_intake_lates *late = req->state;

    for (size_t i = 0; i < late->count; i++) {
        case_intake_link(req, late->list[i].source, late->list[i].external_id,
                         &late->list[i].customer);
        case_weigh_mark(req, &late->list[i].customer);
    }
    return flow_commit(req, flow_end);
}

enum flow openings_link_late(struct request *req)
{
    struct case_intake_lates *late = request_state(req, sizeof(*late));

    case_intake_list_late(req, req->now_us - LATE_US, late);
    return flow_wait(req, link_late);
}
