#include "services/complaints/codec/codec_case_asked.h"

#include <string.h>

#include "kehu/complaints/v1/queries.pb-c.h"
#include "services/complaints/codec/codec_attachment.h"

#define CLOCK_BEGIN "clock:"
#define ABOUTS                                                                                     \
    "\"clock:KIND\" (clock:resolution, …), \"priority\", \"severity\", \"closing\" or \"repeat\""

static void read_about(struct codec_read *read, const char *about, struct codec_explain *out)
{
    static const char *const words[] = {
        [CODEC_EXPLAIN_CLOCK] = CLOCK_BEGIN,   [CODEC_EXPLAIN_PRIORITY] = "priority",
        [CODEC_EXPLAIN_SEVERITY] = "severity", [CODEC_EXPLAIN_CLOSING] = "closing",
        [CODEC_EXPLAIN_REPEAT] = "repeat",     NULL};
    size_t begin = sizeof(CLOCK_BEGIN) - 1;

    if (strncmp(about, CLOCK_BEGIN, begin) == 0) {
        out->about = CODEC_EXPLAIN_CLOCK;
        out->clock = clock_kind_read((struct text){about + begin, strlen(about + begin)});
        if (!out->clock)
            codec_read_fault(read, "about",
                             "must name a kind of clocks behind clock: auto_acknowledge, "
                             "acknowledge, first_response, progress, resolution, confirmation, "
                             "regulatory or action");
        return;
    }
    out->about = (enum codec_explain_about)codec_read_word(read, "about", about, words, ABOUTS, -1);
}

enum status codec_get_explain_case(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_explain *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ExplainCase,
                    kehu__complaints__v1__explain_case__descriptor);
    static const char *const languages[] = {"zh", "en", NULL};

    out->ref = ask->ref;
    read_about(&r, ask->about, out);
    out->language = codec_read_word(&r, "lang", ask->lang, languages, "\"zh\" or \"en\"", 0) == 0
                        ? TELLING_IS_ZH
                        : TELLING_IS_EN;
    return codec_read_end(&r);
}

static size_t count_lines(const char *lines)
{
    size_t count = lines[0] != '\0';

    for (const char *at = lines; *at; at++)
        count += at[0] == '\n' && at[1] != '\0';
    return count;
}

const ProtobufCMessage *codec_case_explanation(const char *sentence, const char *lines,
                                               struct arena *arena)
{
    Kehu__Complaints__V1__CaseExplanation *out = arena_take(arena, sizeof(*out));
    size_t count = count_lines(lines);
    char **steps = arena_take_array(arena, count + 1, sizeof(*steps));

    if (!out || !steps)
        return NULL;
    kehu__complaints__v1__case_explanation__init(out);
    out->sentence = (char *)sentence;
    out->steps = steps;
    for (const char *at = lines; out->n_steps < count; out->n_steps++) {
        size_t bytes = strcspn(at, "\n");

        steps[out->n_steps] = arena_copy_text(arena, at, bytes);
        at += bytes + (at[bytes] == '\n');
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

enum status codec_get_complainant_view(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       const char **ref, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__GetComplainantView,
                    kehu__complaints__v1__get_complainant_view__descriptor);

    *ref = ask->ref;
    return codec_read_end(&r);
}

static void put_message(const struct codec_complainant_message *from, struct arena *arena,
                        Kehu__Complaints__V1__CaseMessage *out)
{
    kehu__complaints__v1__case_message__init(out);
    out->message_id = codec_read_print_id(&from->id, arena);
    out->from_complainant = from->is_from_complainant;
    out->text = codec_read_print_text(from->text, arena);
    out->channel = (char *)from->channel;
    out->at = codec_read_print_time(from->at_us, arena);
    out->attachments = codec_attachments(from->attachments, arena, &out->n_attachments);
}

const ProtobufCMessage *codec_complainant_view(const struct codec_complainant_view *view,
                                               struct arena *arena)
{
    const struct case_file *file = view->file;
    Kehu__Complaints__V1__ComplainantView *out = arena_take(arena, sizeof(*out));
    Kehu__Complaints__V1__CaseMessage **list =
        arena_take_array(arena, view->message_count + 1, sizeof(*list));
    Kehu__Complaints__V1__CaseMessage *room =
        arena_take_array(arena, view->message_count + 1, sizeof(*room));

    if (!out || !list || !room)
        return NULL;
    kehu__complaints__v1__complainant_view__init(out);
    out->number = codec_read_print_text(file->number, arena);
    out->kind = (Kehu__Complaints__V1__CaseKind)file->kind;
    out->state_zh = (char *)case_state_label(file->state, TELLING_IS_ZH);
    out->state_en = (char *)case_state_label(file->state, TELLING_IS_EN);
    out->received_at = codec_read_print_time(file->received_us, arena);
    out->answer_by = codec_read_print_time(view->answer_by_us, arena);
    out->handler = (char *)view->handler;
    out->messages = list;
    for (size_t i = 0; i < view->message_count; i++) {
        put_message(&view->messages[i], arena, &room[i]);
        list[out->n_messages++] = &room[i];
    }
    return arena_is_full(arena) ? NULL : &out->base;
}
