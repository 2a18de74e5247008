#include "services/complaints/codec/codec_case_list.h"

#include <inttypes.h>
#include <string.h>

#include "common/pure/day.h"
#include "kehu/complaints/v1/queries.pb-c.h"

#define WORD_MAX 200
#define DAYS_MAX 3652059 /* 9999-12-31 is before */

/* --- questions --- */

/* The moment at which a local day begins. */
static int64_t begin_of(const struct zone *zone, int32_t day)
{
    const struct day_date date = day_split(day);
    const struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(zone, &midnight);
}

/* Enumerations as arrays of ints, each from 1 to below `end`. */
static int *read_values(struct codec_read *read, const char *field, const int *values, size_t count,
                        int end, int standard, size_t *out_count)
{
    int *list = arena_take_array(read->arena, count + 1, sizeof(*list));

    *out_count = 0;
    for (size_t i = 0; list && i < count; i++) {
        int value = values[i] == 0 ? standard : values[i];

        if (value <= 0 || value >= end)
            codec_read_fault(read, field, "holds %d, which is none of its values", values[i]);
        list[(*out_count)++] = value;
    }
    return list;
}

const enum case_kind *codec_case_list_read_kinds(struct codec_read *read, const char *field,
                                                 const void *kinds, size_t count, bool has_standard,
                                                 size_t *out_count)
{
    int *list = read_values(read, field, kinds, count, CASE_KINDS, CASE_IS_COMPLAINT, out_count);

    if (list && count == 0 && has_standard)
        list[(*out_count)++] = CASE_IS_COMPLAINT;
    return (const enum case_kind *)list;
}

void codec_case_list_read_period(struct codec_read *read, const char *from, const char *to,
                                 int32_t *first, int32_t *last)
{
    *first = codec_read_day(read, "from", from, CASE_LIST_NO_DAY, DAYS_MAX);
    *last = codec_read_day(read, "to", to, CASE_LIST_NO_DAY, DAYS_MAX);
    if (*first != CASE_LIST_NO_DAY && *last != CASE_LIST_NO_DAY && *last < *first)
        codec_read_fault(read, "to", "lies before from: a period ends on its first day or later");
}

static struct text read_word(struct codec_read *read, const char *field, const char *value)
{
    return codec_read_text(read, field, value, WORD_MAX, false);
}

static void read_figure(struct codec_read *read, const Kehu__Complaints__V1__CaseFigure *from,
                        struct case_list_figure *out)
{
    const char *under = read->under;
    struct text figure;

    if (!from)
        return;
    read->under = "behind.";
    out->by = (enum report_key)from->by;
    if (from->by <= 0 || (int)from->by >= REPORT_KEYS)
        codec_read_fault(read, "by", "must be the key by which the report was asked for");
    out->key = read_word(read, "key", from->key);
    codec_case_list_read_period(read, from->from, from->to, &out->from, &out->to);
    out->kinds = codec_case_list_read_kinds(read, "kinds", from->kinds, from->n_kinds, true,
                                            &out->kind_count);
    figure = read_word(read, "figure", from->figure[0] ? from->figure : "complaints");
    out->figure = report_figure_read(figure);
    if (!out->figure)
        codec_read_fault(read, "figure",
                         "must be a field of a report's row: complaints, open, closed, serious, "
                         "reopened, unconfirmed, recurred, clocks_met, clocks_breached, "
                         "hours_to_answer, ratings, our_fault, not_counted, …");
    out->clock = clock_kind_read((struct text){from->clock, strlen(from->clock)});
    if (from->clock[0] && !out->clock)
        codec_read_fault(read, "clock",
                         "must be a kind of clocks: auto_acknowledge, acknowledge, "
                         "first_response, progress, resolution, confirmation, regulatory, action");
    read->under = under;
}

static void read_what(struct codec_read *read, const Kehu__Complaints__V1__ListCases *ask,
                      struct case_list_question *out)
{
    out->states = (const enum case_state *)read_values(
        read, "states", (const int *)ask->states, ask->n_states, CASE_STATES, 0, &out->state_count);
    out->kinds = codec_case_list_read_kinds(read, "kinds", ask->kinds, ask->n_kinds, false,
                                            &out->kind_count);
    out->channels = (const enum case_channel *)read_values(
        read, "channels", (const int *)ask->channels, ask->n_channels, CASE_CHANNELS, CASE_BY_OTHER,
        &out->channel_count);
    out->team = read_word(read, "team", ask->team);
    out->product = read_word(read, "product", ask->product);
    out->issue = read_word(read, "issue", ask->issue);
    out->cause = read_word(read, "cause", ask->cause);
    out->region = read_word(read, "region", ask->region);
    out->batch = read_word(read, "batch", ask->batch);
    out->order_number = read_word(read, "order_number", ask->order_number);
    out->text = read_word(read, "text", ask->text);
    if ((int)ask->min_priority < 0 || (int)ask->min_priority >= PRIORITIES)
        codec_read_fault(read, "min_priority", "must be low, normal, high or urgent (1 to 4)");
    out->min_priority = (enum priority)ask->min_priority;
    out->only_breached = ask->only_breached;
    out->only_supervised = ask->only_supervised;
    read_figure(read, ask->behind, &out->behind);
}

/* Infinity among the places of tokens is CLOCK_NEVER. */
static void read_order(struct codec_read *read, const Kehu__Complaints__V1__ListCases *ask,
                       struct case_list_question *out)
{
    static const char *const sorts[] = {"-received", "received", "due", "-priority", NULL};

    out->sort = (enum case_list_sort)codec_read_word(
        read, "sort", ask->sort, sorts, "\"-received\", \"received\", \"due\" or \"-priority\"",
        CASE_LIST_LATEST);
    out->page_size = codec_read_page(read, ask->page_size);
    out->has_after = codec_read_token(read, ask->page_token, CODEC_READ_CASES + (int)out->sort,
                                      &out->after_place, &out->after);
}

enum status codec_get_list_cases(const uint8_t *payload, size_t bytes, const struct zone *zone,
                                 struct arena *arena, struct codec_list_cases *out,
                                 struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ListCases, kehu__complaints__v1__list_cases__descriptor);
    int32_t from, to;

    read_what(&r, ask, &out->question);
    read_order(&r, ask, &out->question);
    codec_case_list_read_period(&r, ask->from, ask->to, &from, &to);
    out->question.from_us = from == CASE_LIST_NO_DAY ? 0 : begin_of(zone, from);
    out->question.before_us = to == CASE_LIST_NO_DAY ? 0 : begin_of(zone, to + 1);
    out->handler = read_word(&r, "handler", ask->handler);
    out->customer_ref = read_word(&r, "customer_ref", ask->customer_ref);
    out->question.has_customer = out->customer_ref.bytes > 0;
    if (out->question.has_customer && !customer_ref_parse(out->customer_ref, &out->customer))
        codec_read_fault(&r, "customer_ref", "must be " CUSTOMER_REF_FORMS);
    return codec_read_end(&r);
}

/* Priority, then as of every list: "4q1789000000000000.0190163d-…" */
static void read_queue_token(struct codec_read *read, const char *token,
                             struct case_queue_question *out)
{
    int priority = token[0] - '0';
    bool is_ours = priority >= 0 && priority < PRIORITIES && token[1];

    if (token[0] == '\0')
        return;
    if (is_ours)
        out->after_priority = (enum priority)priority;
    out->has_after = codec_read_token(read, is_ours ? token + 1 : "?", CODEC_READ_QUEUE,
                                      &out->after_due_us, &out->after);
}

enum status codec_get_get_queue(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_get_queue *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__GetQueue, kehu__complaints__v1__get_queue__descriptor);
    struct case_queue_question *question = &out->question;

    out->handler = read_word(&r, "handler", ask->handler);
    question->team = read_word(&r, "team", ask->team);
    if (out->handler.bytes > 0 && (ask->unassigned || question->team.bytes > 0))
        codec_read_fault(&r, "handler", "stands alone: without team and unassigned");
    question->of = out->handler.bytes > 0                        ? CASE_QUEUE_OF_HANDLER
                   : question->team.bytes > 0 && ask->unassigned ? CASE_QUEUE_UNASSIGNED_OF_TEAM
                   : question->team.bytes > 0                    ? CASE_QUEUE_OF_TEAM
                   : ask->unassigned                             ? CASE_QUEUE_UNASSIGNED
                                                                 : CASE_QUEUE_OF_ALL;
    question->page_size = codec_read_page(&r, ask->page_size);
    read_queue_token(&r, ask->page_token, question);
    return codec_read_end(&r);
}

/* --- answers --- */

static void put_clock(const struct case_summary *from, int64_t now_us, struct arena *arena,
                      Kehu__Complaints__V1__CaseSummary *out)
{
    if (!from->has_clock)
        return;
    enum clock_band band = clock_band(&from->clock, now_us);

    out->due_at = codec_read_print_time(from->clock.due_us, arena);
    out->due_kind = (char *)clock_kind_name(from->clock.kind);
    out->band = (char *)clock_band_name(band);
    out->band_zh = (char *)clock_band_label(band, TELLING_IS_ZH);
    out->band_en = (char *)clock_band_label(band, TELLING_IS_EN);
    if (from->clock.state == CLOCK_PAUSED)
        out->paused_since = codec_read_print_time(from->clock.paused_us, arena);
}

static void put_summary(const struct case_summary *from, int64_t now_us, struct arena *arena,
                        Kehu__Complaints__V1__CaseSummary *out)
{
    kehu__complaints__v1__case_summary__init(out);
    out->case_id = codec_read_print_id(&from->id, arena);
    out->number = codec_read_print_text(from->number, arena);
    out->kind = (Kehu__Complaints__V1__CaseKind)from->kind;
    out->state = (Kehu__Complaints__V1__CaseState)from->state;
    out->channel = (Kehu__Complaints__V1__Channel)from->channel;
    out->severity = (Kehu__Complaints__V1__Severity)from->severity;
    out->priority = (Kehu__Complaints__V1__Priority)from->priority;
    out->queued = (Kehu__Complaints__V1__Priority)from->queued;
    out->summary = codec_read_print_text(from->summary, arena);
    out->customer_id = codec_read_print_id(&from->customer, arena);
    out->handler = codec_read_print_text(from->handler, arena);
    out->team = codec_read_print_text(from->team, arena);
    out->received_at = codec_read_print_time(from->received_us, arena);
    out->submitted_at = codec_read_print_time(from->submitted_us, arena);
    out->supervised = from->is_supervised;
    out->historic = from->is_historic;
    out->chases = from->chases;
    out->product = codec_read_print_text(from->product, arena);
    out->issue = codec_read_print_text(from->issue, arena);
    out->region = codec_read_print_text(from->region, arena);
    out->cause = codec_read_print_text(from->cause, arena);
    put_clock(from, now_us, arena, out);
}

void *codec_case_summaries(const struct case_summary *list, size_t count, int64_t now_us,
                           struct arena *arena)
{
    Kehu__Complaints__V1__CaseSummary **out = arena_take_array(arena, count + 1, sizeof(*out));
    Kehu__Complaints__V1__CaseSummary *room = arena_take_array(arena, count + 1, sizeof(*room));

    if (!out || !room)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        put_summary(&list[i], now_us, arena, &room[i]);
        out[i] = &room[i];
    }
    return out;
}

const ProtobufCMessage *codec_case_list(const struct case_summaries *found, const char *next,
                                        int64_t now_us, struct arena *arena)
{
    Kehu__Complaints__V1__CaseList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_list__init(out);
    out->cases = codec_case_summaries(found->list, found->count, now_us, arena);
    out->n_cases = found->count;
    out->next_page_token = (char *)next;
    return arena_is_full(arena) ? NULL : &out->base;
}

const char *codec_case_list_token(const struct case_summary *last, enum case_list_sort sort,
                                  struct arena *arena)
{
    int64_t place = sort == CASE_LIST_BY_PRIORITY ? (int64_t)last->priority : last->place;

    return codec_read_print_token(CODEC_READ_CASES + (int)sort, place, &last->id, arena);
}

const char *codec_case_queue_token(const struct case_summary *last, struct arena *arena)
{
    const char *token = codec_read_print_token(CODEC_READ_QUEUE, last->place, &last->id, arena);

    return token ? arena_print(arena, "%d%s", (int)last->queued, token) : "";
}
