/*
 * kehu.complaints.v1.GetCase: a case with all that hangs on it. Who may not see the complainant
 * sees the case without him and without what was written; each look at it is audited.
 *
 *   decode  → the case, its messages, parts, relations, history, the rules
 *   look    → the line of the audit
 *   answer
 */
#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_case_view.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"
#include "services/complaints/store/case_view.h"

#define MESSAGES_PAGE 50
#define HISTORY_PAGE 200

struct reading {
    struct case_change change; /* nothing changes: for what may be done */
    struct codec_view_ask ask;
    struct case_messages messages;
    struct case_history history;
    struct case_parts parts;
    struct case_relations relations;
};

static enum flow look(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_case(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    const struct cases_question *question = &r->change.question;
    enum status status =
        codec_get_get_case(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    if (!case_change_name(req, &r->change, r->ask.ref)) {
        flow_violation(req, "ref", "must be " CASES_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "ref must be " CASES_REF_FORMS);
    }
    r->change.keeps_row = true; /* nothing rings */
    case_change_ask(req, &r->change, who_sight(req));
    const struct case_message_page page = {r->ask.messages.before, MESSAGES_PAGE + 1, false};

    case_message_list(req, question, &page, &r->messages);
    case_view_list_parts(req, question, &r->parts);
    case_view_list_relations(req, question, &r->relations);
    if (r->ask.with_history)
        case_view_list_history(req, question, &r->ask.history.before, HISTORY_PAGE + 1,
                               &r->history);
    return flow_wait(req, look);
}

/* A token says of which case it is. */
static bool is_of_this(struct request *req, const char *field, const struct codec_view_place *place,
                       const struct id *case_id)
{
    if (uuid_is_none(&place->before) || place->of == codec_view_list_of(case_id))
        return true;
    flow_violation(req, field, "is of another case: give next_%s of an answer about this one",
                   field);
    return false;
}

static bool cut(size_t *count, size_t most)
{
    bool has_more = *count > most;

    if (has_more)
        *count = most;
    return has_more;
}

static enum flow look(struct request *req)
{
    struct reading *r = req->state;
    const struct cases_found *found = &r->change.found;
    char id[UUID_TEXT_BYTES];

    if (!found->found)
        return flow_refuse(req, NOT_FOUND, "no case has this number, id or reference");
    if (!found->is_seen)
        return flow_refuse(req, PERMISSION_DENIED,
                           "the case exists and is outside of what you may see");
    if (!is_of_this(req, "messages_token", &r->ask.messages, &found->file.id) ||
        !is_of_this(req, "history_token", &r->ask.history, &found->file.id))
        return flow_refuse(req, INVALID_ARGUMENT, "the case cannot be shown as asked");
    if (!case_change_begin(req, &r->change))
        return flow_refuse_large(req);
    uuid_print(&found->file.id, id);
    audit_add(req, "read case", id,
              !found->is_person_seen ? "without the complainant"
              : r->ask.with_history  ? "with history"
                                     : "");
    return flow_commit(req, answer);
}

/* --- rows as they are shown --- */

static const struct codec_view_clock *show_clocks(struct request *req, const struct reading *r)
{
    const struct clock_rows *rows = &r->change.found.clocks;
    struct codec_view_clock *list = arena_take_array(req->arena, rows->count, sizeof(*list));

    for (size_t i = 0; list && i < rows->count; i++)
        list[i] = (struct codec_view_clock){rows->list[i].id, rows->list[i].action,
                                            &rows->list[i].clock, rows->list[i].calendar};
    return list;
}

static const struct codec_view_message *show_messages(struct request *req, const struct reading *r)
{
    struct codec_view_message *list =
        arena_take_array(req->arena, r->messages.count, sizeof(*list));

    for (size_t i = 0; list && i < r->messages.count; i++) {
        const struct case_message *message = &r->messages.list[i];

        list[i] = (struct codec_view_message){
            .id = message->id,
            .is_internal = message->is_internal,
            .is_from_complainant = message->is_from_complainant,
            .is_substantive = message->is_substantive,
            .text = message->text,
            .attachments = message->attachments,
            .channel = message->channel,
            .by = message->by,
            .delivery = message->has_delivery ? delivery_name(message->delivery) : "",
            .at_us = message->at_us,
        };
    }
    return list;
}

static const struct codec_view_entry *show_history(struct request *req, const struct reading *r)
{
    struct codec_view_entry *list = arena_take_array(req->arena, r->history.count, sizeof(*list));

    for (size_t i = 0; list && i < r->history.count; i++) {
        const struct cases_entry *entry = &r->history.list[i];

        list[i] = (struct codec_view_entry){entry->id,     entry->at_us, entry->act, entry->by,
                                            entry->detail, entry->from,  entry->to,  entry->reason};
    }
    return list;
}

static enum flow answer(struct request *req)
{
    struct reading *r = req->state;
    const struct cases_found *found = &r->change.found;
    bool has_more_messages = cut(&r->messages.count, MESSAGES_PAGE);
    bool has_more_entries = cut(&r->history.count, HISTORY_PAGE);
    struct case_view view = case_change_view(req, &r->change);
    struct case_facts facts = case_file_facts(&view, true, false);
    struct condition_facts conditions = case_file_conditions(&view, false);
    struct condition_list open = condition_check(&conditions);
    const struct codec_case_view shown = {
        .file = &found->file,
        .handler = found->handler_code,
        .is_person_seen = found->is_person_seen,
        .duplicate_of = r->relations.duplicate_of,
        .recurs_of = r->relations.recurs_of,
        .similar = r->relations.similar,
        .similar_count = r->relations.similar_count,
        .recused = r->relations.recused,
        .recused_count = r->relations.recused_count,
        .clocks = show_clocks(req, r),
        .clock_count = found->clocks.count,
        .subtasks = r->parts.subtasks,
        .subtask_count = r->parts.subtask_count,
        .actions = r->parts.actions,
        .action_count = r->parts.action_count,
        .lessons = r->parts.lessons,
        .lesson_count = r->parts.lesson_count,
        .messages = show_messages(req, r),
        .message_count = r->messages.count,
        .entries = show_history(req, r),
        .entry_count = r->history.count,
        .has_more_messages = has_more_messages,
        .has_more_entries = has_more_entries,
        .has_more_parts = r->parts.has_more,
        .allowed = case_allowed(&facts),
        .open = case_is_ended(found->file.state) ? NULL : &open,
    };

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    return flow_reply(req, codec_case_view(&shown, req->arena));
}
