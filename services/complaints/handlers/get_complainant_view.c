/*
 * kehu.complaints.v1.GetComplainantView: what the complainant may see of his case: what he said,
 * what was written to him, the answer, the state in words and until when he is answered. Never
 * internal notes, who wrote what, what was noted of calls, or what was learned.
 */
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_case_asked.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"

#define MESSAGES_MAX 200

struct showing {
    struct cases_question question;
    struct cases_found found;
    struct case_messages messages;
};

static enum flow look(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_complainant_view(struct request *req)
{
    struct showing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    const char *ref;
    enum status status =
        codec_get_complainant_view(req->payload, req->payload_bytes, req->arena, &ref, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    if (!cases_ref_parse((struct text){ref, strlen(ref)}, req->arena, &r->question)) {
        flow_violation(req, "ref", "must be " CASES_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "ref must be " CASES_REF_FORMS);
    }
    cases_find(req, &r->question, who_sight(req), &r->found);
    case_message_list(req, &r->question,
                      &(struct case_message_page){.max = MESSAGES_MAX, .without_notes = true},
                      &r->messages);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct showing *r = req->state;
    char id[UUID_TEXT_BYTES];

    if (!r->found.found)
        return flow_refuse(req, NOT_FOUND, "no case has this number, id or reference");
    if (!r->found.is_seen || !r->found.is_person_seen)
        return flow_refuse(req, PERMISSION_DENIED,
                           "the complainant of this case is outside of what you may see");
    uuid_print(&r->found.file.id, id);
    audit_add(req, "read case", id, "as the complainant sees it");
    return flow_commit(req, answer);
}

static int64_t answer_by(const struct clock_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct case_clock *clock = &rows->list[i].clock;

        if (clock->kind == CLOCK_RESOLUTION &&
            (clock->state == CLOCK_RUNNING || clock->state == CLOCK_PAUSED))
            return clock->due_us;
    }
    return 0;
}

/* Of a call that was no answer he knows what was said; what the handler noted of it is not his. */
static bool is_noted_call(const struct case_message *message, const struct case_file *file)
{
    return message->has_delivery && message->delivery == DELIVERY_SPOKEN &&
           memcmp(&message->id, &file->answer, sizeof(file->answer)) != 0;
}

/* The oldest first, as one reads. */
static struct codec_complainant_message *show(struct request *req, const struct showing *r,
                                              size_t *count)
{
    struct codec_complainant_message *list =
        arena_take_array(req->arena, r->messages.count, sizeof(*list));

    *count = 0;
    for (size_t i = r->messages.count; list && i > 0; i--) {
        const struct case_message *message = &r->messages.list[i - 1];

        if (message->is_internal || is_noted_call(message, &r->found.file))
            continue;
        list[(*count)++] = (struct codec_complainant_message){
            .id = message->id,
            .is_from_complainant = message->is_from_complainant,
            .text = message->text,
            .attachments = message->attachments,
            .channel = message->channel,
            .at_us = message->at_us,
        };
    }
    return list;
}

static enum flow answer(struct request *req)
{
    const struct showing *r = req->state;
    struct codec_complainant_view view = {
        .file = &r->found.file,
        .handler = r->found.handler_code,
        .answer_by_us = answer_by(&r->found.clocks),
    };

    view.messages = show(req, r, &view.message_count);
    return flow_reply(req, view.messages ? codec_complainant_view(&view, req->arena) : NULL);
}
