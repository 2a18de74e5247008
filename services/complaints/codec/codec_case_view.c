#include "services/complaints/codec/codec_case_view.h"

#include <string.h>

#include "kehu/complaints/v1/queries.pb-c.h"
#include "services/complaints/codec/codec_attachment.h"

int64_t codec_view_list_of(const struct id *case_id)
{
    int64_t of = 0;

    for (int i = 8; i < 16; i++) /* its random half, without the sign */
        of = (of & INT64_C(0x007fffffffffffff)) << 8 | case_id->bytes[i];
    return of;
}

static void read_place(struct codec_read *read, const char *field, const char *token, int list,
                       struct codec_view_place *out)
{
    codec_read_field_token(read, field, token, list, &out->of, &out->before);
}

enum status codec_get_get_case(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_view_ask *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__GetCase, kehu__complaints__v1__get_case__descriptor);

    out->ref = ask->ref;
    out->with_history = ask->with_history;
    read_place(&r, "messages_token", ask->messages_token, CODEC_READ_MESSAGES, &out->messages);
    read_place(&r, "history_token", ask->history_token, CODEC_READ_HISTORY, &out->history);
    return codec_read_end(&r);
}

/* The writer of one view. `is_hidden`: texts and persons are left out. */
struct writer {
    const struct codec_case_view *view;
    struct arena *arena;
    bool is_hidden;
};

/* protobuf-c never has NULL for a text; a full arena is found at the end. */
static char *print(const struct writer *w, struct text text)
{
    char *copy = text.bytes > 0 ? codec_read_print_text(text, w->arena) : "";

    return copy ? copy : "";
}

static char *print_id(const struct writer *w, const struct id *id)
{
    char *text = codec_read_print_id(id, w->arena);

    return text ? text : "";
}

static char *print_day(const struct writer *w, int32_t day)
{
    char *text = codec_read_print_day(day, w->arena);

    return text ? text : "";
}

static Google__Protobuf__Timestamp *print_time(const struct writer *w, int64_t at_us)
{
    return codec_read_print_time(at_us, w->arena);
}

/* What somebody wrote. */
static char *print_words(const struct writer *w, struct text text)
{
    return w->is_hidden ? "" : print(w, text);
}

static char *print_reference(const struct writer *w, struct text source, struct text id)
{
    char *text = "";

    if (source.bytes > 0 && id.bytes > 0)
        text =
            arena_print(w->arena, "%.*s:%.*s", (int)source.bytes, source.at, (int)id.bytes, id.at);
    return text ? text : "";
}

/* --- the case itself --- */

static void write_person(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct case_file *file = w->view->file;

    out->anonymous = file->is_anonymous;
    out->hidden = w->is_hidden;
    if (w->is_hidden)
        return;
    out->summary = print(w, file->summary);
    out->content = print(w, file->content);
    out->customer_id = print_id(w, &file->customer);
    out->customer_ref = print_reference(w, file->customer_source, file->customer_external_id);
    out->contact_id = print_id(w, &file->contact);
    out->reply_to = print(w, file->reply_to);
}

static void write_links(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct case_file *file = w->view->file;
    Kehu__Complaints__V1__Links *links = arena_take(w->arena, sizeof(*links));
    Kehu__Complaints__V1__Authority *authority = NULL;

    if (file->authority.name.bytes > 0)
        authority = arena_take(w->arena, sizeof(*authority));
    if (links) {
        kehu__complaints__v1__links__init(links);
        links->order_number = print(w, file->order_number);
        links->product = print(w, file->product);
        links->batch = print(w, file->batch);
        out->links = links;
    }
    if (authority) {
        kehu__complaints__v1__authority__init(authority);
        authority->name = print(w, file->authority.name);
        authority->number = print(w, file->authority.number);
        authority->date = print_day(w, file->authority.date);
        authority->deadline = print_day(w, file->authority.deadline);
        out->authority = authority;
    }
}

static void write_handling(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct case_file *file = w->view->file;
    Kehu__Complaints__V1__CaseHandling *handling = arena_take(w->arena, sizeof(*handling));
    Kehu__Complaints__V1__Remedy *remedy = NULL;

    if (file->remedy)
        remedy = arena_take(w->arena, sizeof(*remedy));
    if (!handling)
        return;
    kehu__complaints__v1__case_handling__init(handling);
    handling->cause = print(w, file->cause);
    handling->unit = print(w, file->unit);
    handling->fault = (Kehu__Complaints__V1__Fault)file->fault;
    if (remedy) {
        kehu__complaints__v1__remedy__init(remedy);
        remedy->kind = (char *)remedy_kind_name(file->remedy);
        remedy->amount_micros = file->remedy_micros;
        remedy->currency = print(w, file->remedy_currency);
        remedy->description = print_words(w, file->remedy_text);
        handling->remedy = remedy;
    }
    out->handling = handling;
}

/* "taken_up: why" and "not_because: why", as the row keeps them. */
static char *print_why(const struct writer *w, const char *word)
{
    struct text kept = w->view->file->taken_up;
    size_t bytes = strlen(word);

    if (kept.bytes <= bytes || memcmp(kept.at, word, bytes) != 0)
        return "";
    return print_words(w, (struct text){kept.at + bytes, kept.bytes - bytes});
}

static void write_work(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    static const char *const ways[] = {"", "handler_call", "other_call", "himself"};
    const struct case_file *file = w->view->file;
    Kehu__Complaints__V1__CaseWork *work;

    if ((size_t)file->confirmation < COUNT_OF(ways))
        out->confirmed_by = (char *)ways[file->confirmation];
    if (!file->is_work_done && !file->is_charge_noted && file->taken_up.bytes == 0)
        return;
    work = arena_take(w->arena, sizeof(*work));
    if (!work)
        return;
    kehu__complaints__v1__case_work__init(work);
    work->done = file->is_work_done;
    work->charge_noted = file->is_charge_noted;
    work->charge_micros = file->charge_micros;
    work->taken_up = print_why(w, "taken_up: ");
    work->not_because = print_why(w, "not_because: ");
    out->work = work;
}

static void write_moments(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct case_file *file = w->view->file;

    out->submitted_at = print_time(w, file->submitted_us);
    out->received_at = print_time(w, file->received_us);
    out->acknowledged_at = print_time(w, file->acknowledged_us);
    out->first_words_at = print_time(w, file->first_words_us);
    out->answered_at = print_time(w, file->answered_us);
    out->closed_at = print_time(w, file->closed_us);
}

static void write_file(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct case_file *file = w->view->file;

    out->case_id = print_id(w, &file->id);
    out->number = print(w, file->number);
    out->kind = (Kehu__Complaints__V1__CaseKind)file->kind;
    out->state = (Kehu__Complaints__V1__CaseState)file->state;
    out->channel = (Kehu__Complaints__V1__Channel)file->channel;
    out->severity = (Kehu__Complaints__V1__Severity)file->severity;
    out->priority = (Kehu__Complaints__V1__Priority)file->priority;
    out->handler = (char *)w->view->handler;
    out->team = print(w, file->team);
    out->issue = print(w, file->issue);
    out->region = print(w, file->region);
    out->topic = print(w, file->topic);
    out->remedy_state = (char *)remedy_state_name(file->remedy_state);
    out->historic = file->is_historic;
    out->supervised = file->is_supervised;
    out->chases = file->chases;
    out->reopened = file->reopened;
    out->rating = file->rating;
    out->duplicate_of = print(w, w->view->duplicate_of);
    out->recurs_of = print(w, w->view->recurs_of);
    out->version = (uint64_t)file->version;
    out->external_ref = print_reference(w, file->external_source, file->external_id);
    out->recorded_response = print(w, file->recorded_response);
    out->recorded_timely = file->is_recorded_timely;
    out->recorded_disputed = file->is_recorded_disputed;
}

/* --- what hangs on it --- */

static Kehu__Complaints__V1__Clock *write_clock(const struct writer *w,
                                                const struct codec_view_clock *from)
{
    const struct case_clock *clock = from->clock;
    Kehu__Complaints__V1__Clock *out = arena_take(w->arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__clock__init(out);
    out->clock_id = print_id(w, &from->id);
    out->kind = (char *)clock_kind_name(clock->kind);
    out->started_at = print_time(w, clock->started_us);
    out->due_at = print_time(w, clock->due_us);
    out->state = (char *)clock_state_name(clock->state);
    out->outcome = (char *)clock_outcome_name(clock->outcome);
    out->stopped_at = print_time(w, clock->stopped_us);
    out->warned_at = print_time(w, clock->warned_us);
    out->breached_at = print_time(w, clock->breached_us);
    out->cause = (char *)clock_cause_name(clock->cause);
    out->policy_version = clock->policy_version;
    out->calendar = print(w, from->calendar);
    out->minutes = clock->term.minutes;
    out->working_days = clock->term.working_days;
    out->paused_minutes = (uint32_t)(clock->pauses_us / (60 * SECOND_US));
    out->wall_clock = clock->term.is_wall;
    out->action_id = print_id(w, &from->action);
    return out;
}

static Kehu__Complaints__V1__Subtask *write_subtask(const struct writer *w,
                                                    const struct case_subtask *from)
{
    Kehu__Complaints__V1__Subtask *out = arena_take(w->arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__subtask__init(out);
    out->subtask_id = print_id(w, &from->id);
    out->unit = print(w, from->unit);
    out->owner = print(w, from->owner);
    out->text = print_words(w, from->text);
    out->due_at = print_time(w, from->due_us);
    out->result = print_words(w, from->result);
    out->done_at = print_time(w, from->done_us);
    out->done_by = print(w, from->done_by);
    return out;
}

static Kehu__Complaints__V1__Action *write_action(const struct writer *w,
                                                  const struct case_action *from)
{
    Kehu__Complaints__V1__Action *out = arena_take(w->arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__action__init(out);
    out->action_id = print_id(w, &from->id);
    out->text = print_words(w, from->text);
    out->owner = print(w, from->owner);
    out->due_on = print_day(w, from->due_day);
    out->verified_by = print(w, from->verified_by);
    out->verified_on = print_day(w, from->verified_day);
    out->improvement_id = print_id(w, &from->improvement);
    out->kind = (char *)case_action_kinds[from->kind];
    return out;
}

static Kehu__Complaints__V1__Lesson *write_lesson(const struct writer *w,
                                                  const struct case_lesson *from)
{
    Kehu__Complaints__V1__Lesson *out = arena_take(w->arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__lesson__init(out);
    out->lesson_id = print_id(w, &from->id);
    out->text = print_words(w, from->text);
    out->cause = print(w, from->cause);
    out->same_as = print_id(w, &from->same_as);
    out->none_because = print_words(w, from->none_because);
    return out;
}

static Kehu__Complaints__V1__CaseMessage *write_message(const struct writer *w,
                                                        const struct codec_view_message *from)
{
    Kehu__Complaints__V1__CaseMessage *out = arena_take(w->arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_message__init(out);
    out->message_id = print_id(w, &from->id);
    out->internal = from->is_internal;
    out->from_complainant = from->is_from_complainant;
    out->text = print_words(w, from->text);
    out->channel = (char *)from->channel;
    out->by = (char *)from->by;
    out->at = print_time(w, from->at_us);
    out->delivery = (char *)from->delivery;
    out->substantive = from->is_substantive;
    if (!w->is_hidden)
        out->attachments = codec_attachments(from->attachments, w->arena, &out->n_attachments);
    return out;
}

static Kehu__Complaints__V1__CaseEntry *write_entry(const struct writer *w,
                                                    const struct codec_view_entry *from)
{
    Kehu__Complaints__V1__CaseEntry *out = arena_take(w->arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_entry__init(out);
    out->at = print_time(w, from->at_us);
    out->act = (char *)from->act;
    out->from = (Kehu__Complaints__V1__CaseState)from->from;
    out->to = (Kehu__Complaints__V1__CaseState)from->to;
    out->by = (char *)from->by;
    out->reason = print_words(w, from->reason);
    out->detail = (char *)from->detail;
    return out;
}

/* A repeated field of messages, each written by `write` from the element of `list`. */
#define WRITE_LIST(field, list, list_count, write)                                                 \
    do {                                                                                           \
        out->field = arena_take_array(w->arena, (list_count), sizeof(*out->field));                \
        for (size_t i = 0; out->field && i < (list_count); i++)                                    \
            out->field[out->n_##field++] = write(w, &(list)[i]);                                   \
    } while (0)

static void write_lists(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct codec_case_view *v = w->view;

    WRITE_LIST(clocks, v->clocks, v->clock_count, write_clock);
    WRITE_LIST(subtasks, v->subtasks, v->subtask_count, write_subtask);
    WRITE_LIST(actions, v->actions, v->action_count, write_action);
    WRITE_LIST(lessons, v->lessons, v->lesson_count, write_lesson);
    WRITE_LIST(messages, v->messages, v->message_count, write_message);
    WRITE_LIST(history, v->entries, v->entry_count, write_entry);
}

/* Where the pages of what was said and done go on. */
static void write_tokens(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct codec_case_view *v = w->view;
    int64_t of = codec_view_list_of(&v->file->id);

    if (v->has_more_messages)
        out->next_messages_token = codec_read_print_token(
            CODEC_READ_MESSAGES, of, &v->messages[v->message_count - 1].id, w->arena);
    if (v->has_more_entries)
        out->next_history_token = codec_read_print_token(
            CODEC_READ_HISTORY, of, &v->entries[v->entry_count - 1].id, w->arena);
    out->more_parts = v->has_more_parts;
}

static void write_names(const struct writer *w, Kehu__Complaints__V1__Case *out)
{
    const struct codec_case_view *v = w->view;
    size_t open = v->open ? v->open->count : 0;

    out->possibly_same_as = arena_take_array(w->arena, v->similar_count, sizeof(char *));
    for (size_t i = 0; out->possibly_same_as && i < v->similar_count; i++)
        out->possibly_same_as[out->n_possibly_same_as++] = print(w, v->similar[i]);
    out->recused = arena_take_array(w->arena, v->recused_count, sizeof(char *));
    for (size_t i = 0; out->recused && i < v->recused_count; i++)
        out->recused[out->n_recused++] = print(w, v->recused[i]);
    out->allowed = arena_take_array(w->arena, CASE_ACTS, sizeof(char *));
    for (int act = 0; out->allowed && act < CASE_ACTS; act++)
        if (v->allowed >> act & 1)
            out->allowed[out->n_allowed++] = (char *)case_act_name((enum case_act)act);
    out->open_conditions = arena_take_array(w->arena, open, sizeof(char *));
    for (size_t i = 0; out->open_conditions && i < open; i++)
        out->open_conditions[out->n_open_conditions++] = (char *)condition_code(v->open->open[i]);
}

const ProtobufCMessage *codec_case_view(const struct codec_case_view *view, struct arena *arena)
{
    const struct writer w = {view, arena, !view->is_person_seen};
    Kehu__Complaints__V1__Case *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case__init(out);
    write_file(&w, out);
    write_person(&w, out);
    write_links(&w, out);
    write_handling(&w, out);
    write_work(&w, out);
    write_moments(&w, out);
    write_lists(&w, out);
    write_tokens(&w, out);
    write_names(&w, out);
    return arena_is_full(arena) ? NULL : &out->base;
}
