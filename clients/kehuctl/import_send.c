/*
 * A batch keeps what is needed to count its answer; its bytes are given to libkehu, which keeps its
 * own copy until the answer is there and sends it unchanged, so that nothing is done twice.
 */
#include "clients/kehuctl/import_send.h"

#include "common/pure/decimal.h"
#include "common/status.h"
#include "kehu/bus/v1/service.pb-c.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TURN_MS = 20,
    LAST_WAIT_MS = 5000,
    SILENCE_S = 30,
    SHOWN = 100,
};

enum batch_state {
    BATCH_FREE,
    BATCH_READY, /* filled; libkehu had no room yet */
    BATCH_ASKED,
};

struct batch {
    enum batch_state state;
    struct sending *sending;
    char **ids;
    size_t count;
    uint64_t lines;
    uint8_t *bytes; /* a packed kehu.bus.v1.Publish */
    size_t used, room;
};

struct sending {
    struct ctl *ctl;
    const struct import_source *source;
    const struct import_options *options;
    struct import_result *result;
    struct ctl_progress *progress;
    struct batch batches[IMPORT_SEND_MAX_IN_FLIGHT];
    size_t batch_events; /* at most, also by the rate */
    bool has_event;      /* `event` was taken from the source and is in no batch yet */
    bool exhausted;
    bool stopped;
    struct import_event event;
    double tokens; /* events that may be sent now */
    double filled_at;
    double heard_at; /* the last answer, or the last complaint about there being none */
    char *shown[SHOWN];
    size_t shown_count;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- filling --- */

static size_t put_varint(uint8_t *to, size_t value)
{
    size_t count = 0;

    do {
        to[count++] = (uint8_t)((value & 0x7F) | (value > 0x7F ? 0x80 : 0));
        value >>= 7;
    } while (value > 0);
    return count;
}

/* Appends the event as one more element of Publish.events (field 1, length-delimited). False when
 * memory is out. */
static bool add_event(struct batch *batch, const struct import_event *event)
{
    size_t needed = batch->used + event->count + 11;
    char *id = strdup(event->id);

    if (needed > batch->room) {
        uint8_t *larger = realloc(batch->bytes, needed * 2);

        if (larger != NULL) {
            batch->bytes = larger;
            batch->room = needed * 2;
        }
    }
    if (id == NULL || needed > batch->room) {
        free(id);
        return false;
    }
    batch->bytes[batch->used++] = 1 << 3 | 2;
    batch->used += put_varint(batch->bytes + batch->used, event->count);
    memcpy(batch->bytes + batch->used, event->bytes, event->count);
    batch->used += event->count;
    batch->ids[batch->count++] = id;
    batch->lines += event->lines;
    return true;
}

static void free_ids(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        free(batch->ids[i]);
    batch->count = 0;
}

static void stop_sending(struct sending *sending, int exit_code)
{
    sending->stopped = true;
    if (sending->result->exit < exit_code)
        sending->result->exit = exit_code;
}

/* True when there is an event, taken now or before. */
static bool peek_event(struct sending *sending)
{
    if (!sending->has_event && !sending->exhausted) {
        sending->has_event = sending->source->next(sending->source->owner, &sending->event);
        sending->exhausted = !sending->has_event;
    }
    return sending->has_event;
}

static void fill_batch(struct sending *sending, struct batch *batch)
{
    batch->count = batch->used = batch->lines = 0;
    while (batch->count < sending->batch_events && peek_event(sending)) {
        if (batch->count > 0 && batch->used + sending->event.count > IMPORT_SEND_BATCH_BYTES)
            break;
        if (!add_event(batch, &sending->event)) {
            ctl_say("memory is out");
            stop_sending(sending, CTL_UNFINISHED);
            break;
        }
        sending->has_event = false;
    }
    if (batch->count > 0)
        batch->state = BATCH_READY;
    sending->tokens -= (double)batch->count;
}

/* A token bucket that holds at most one batch. */
static bool may_fill(struct sending *sending)
{
    double now = now_s();

    if (sending->options->rate == 0)
        return true;
    sending->tokens += (now - sending->filled_at) * sending->options->rate;
    sending->filled_at = now;
    if (sending->tokens > (double)sending->batch_events)
        sending->tokens = (double)sending->batch_events;
    return sending->tokens >= (double)sending->batch_events;
}

/* --- answers --- */

static void note_rejected(struct sending *sending, const char *id, const char *field,
                          const char *why)
{
    sending->result->rejected++;
    if (sending->shown_count < SHOWN &&
        asprintf(&sending->shown[sending->shown_count], "%s: %s%s%s", id, field,
                 field[0] == '\0' ? "" : ": ", why) >= 0)
        sending->shown_count++;
}

static void count_item(struct sending *sending, const char *id,
                       const Kehu__Bus__V1__PublishedItem *item)
{
    switch (item->outcome) {
    case KEHU__BUS__V1__OUTCOME__OUTCOME_ACCEPTED:
        sending->result->accepted++;
        sending->result->historic += item->historic;
        break;
    case KEHU__BUS__V1__OUTCOME__OUTCOME_DUPLICATE:
        sending->result->duplicates++;
        break;
    default:
        note_rejected(sending, id, item->field, item->why);
    }
}

static void count_answer(struct batch *batch, const struct kehu_answer *answer)
{
    struct sending *sending = batch->sending;
    Kehu__Bus__V1__Published *published =
        kehu__bus__v1__published__unpack(NULL, answer->payload_bytes, answer->payload);

    if (published == NULL || published->n_items != batch->count) {
        ctl_say("the service answered %zu events with %zu outcomes; is it another version?",
                batch->count, published == NULL ? 0 : published->n_items);
        stop_sending(sending, CTL_UNFINISHED);
    } else {
        for (size_t i = 0; i < batch->count; i++)
            count_item(sending, batch->ids[i], published->items[i]);
        sending->result->lines += batch->lines;
    }
    if (published != NULL)
        kehu__bus__v1__published__free_unpacked(published, NULL);
}

/* The request was refused as a whole: every other one would be, too. */
static void refuse_answer(struct sending *sending, const struct kehu_answer *answer)
{
    bool is_ours = answer->status == INTERNAL || answer->status == UNKNOWN ||
                   answer->status == DATA_LOSS || status_is_repeatable(answer->status);

    if (!sending->stopped) {
        ctl_say("refused: %s: %s", answer->status_name, answer->message);
        for (size_t i = 0; i < answer->violation_count; i++)
            ctl_say("  %s: %s", answer->violations[i].field, answer->violations[i].description);
    }
    stop_sending(sending, is_ours ? CTL_UNFINISHED : CTL_REFUSED);
}

static void take_answer(void *owner, const struct kehu_answer *answer)
{
    struct batch *batch = owner;
    struct sending *sending = batch->sending;

    sending->heard_at = now_s();
    if (answer->status == OK)
        count_answer(batch, answer);
    else
        refuse_answer(sending, answer);
    free_ids(batch);
    batch->state = BATCH_FREE;
}

/* --- sending --- */

static void ask_batch(struct sending *sending, struct batch *batch)
{
    struct kehu_question question = {
        .type = "kehu.bus.v1.Publish",
        .payload = batch->bytes,
        .payload_bytes = batch->used,
    };

    switch (kehu_ask(ctl_kehu(sending->ctl), &question, take_answer, batch)) {
    case KEHU_OK:
        batch->state = BATCH_ASKED;
        return;
    case KEHU_FULL:
        return;
    case KEHU_TOO_LARGE:
        /* Such an event is alone in its batch. */
        for (size_t i = 0; i < batch->count; i++)
            note_rejected(sending, batch->ids[i], "", "the event is larger than 8 MiB");
        free_ids(batch);
        batch->state = BATCH_FREE;
        return;
    case KEHU_BAD:
        ctl_say("libkehu refuses the question: an argument is missing or too long");
        stop_sending(sending, CTL_UNFINISHED);
    }
}

/* Fills and sends what may be; false when nothing is left to do or to wait for. */
static bool advance(struct sending *sending)
{
    bool is_busy = false;

    for (size_t i = 0; i < sending->options->in_flight && !sending->stopped; i++) {
        struct batch *batch = &sending->batches[i];

        if (batch->state == BATCH_FREE && peek_event(sending) && may_fill(sending))
            fill_batch(sending, batch);
        if (batch->state == BATCH_READY)
            ask_batch(sending, batch);
        is_busy = is_busy || batch->state != BATCH_FREE;
    }
    return is_busy || peek_event(sending);
}

static void complain_about_silence(struct sending *sending)
{
    double now = now_s();

    if (kehu_waiting(ctl_kehu(sending->ctl)) == 0)
        sending->heard_at = now;
    if (now - sending->heard_at < SILENCE_S)
        return;
    ctl_say("no answer for %d s; sending again until there is one (Ctrl-C ends)", SILENCE_S);
    sending->heard_at = now;
}

static void show_progress(struct sending *sending)
{
    const struct import_result *result = sending->result;

    ctl_progress_set(sending->progress, result->accepted + result->duplicates + result->rejected);
}

static void send_all(struct sending *sending)
{
    while (!sending->stopped && advance(sending)) {
        kehu_turn(ctl_kehu(sending->ctl), TURN_MS);
        show_progress(sending);
        complain_about_silence(sending);
        if (interrupted) {
            ctl_say("interrupted; waiting up to %d s for what is on the way", LAST_WAIT_MS / 1000);
            stop_sending(sending, CTL_UNFINISHED);
        }
    }
    sending->result->finished = !sending->stopped;
    if (sending->stopped)
        kehu_wait(ctl_kehu(sending->ctl), LAST_WAIT_MS);
    show_progress(sending);
    ctl_progress_end(sending->progress);
}

static void show_rejected(struct sending *sending)
{
    for (size_t i = 0; i < sending->shown_count; i++) {
        ctl_say("rejected: %s", sending->shown[i]);
        free(sending->shown[i]);
    }
    if (sending->result->rejected > sending->shown_count)
        ctl_say("rejected: %llu more",
                (unsigned long long)(sending->result->rejected - sending->shown_count));
}

static bool prepare(struct sending *sending)
{
    size_t rate = sending->options->rate;

    sending->batch_events = sending->options->batch;
    if (rate > 0 && rate < sending->batch_events)
        sending->batch_events = rate;
    sending->filled_at = sending->heard_at = now_s();
    for (size_t i = 0; i < sending->options->in_flight; i++) {
        sending->batches[i].sending = sending;
        sending->batches[i].ids = calloc(sending->batch_events, sizeof(char *));
        if (sending->batches[i].ids == NULL)
            return false;
    }
    return true;
}

void import_send(struct ctl *ctl, const struct import_source *source,
                 const struct import_options *options, struct import_result *result)
{
    /* The second signal ends at once. */
    struct sigaction on = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    struct sigaction before_int, before_term;
    struct sending *sending = calloc(1, sizeof(*sending));
    double started = now_s();

    *result = (struct import_result){.exit = CTL_UNFINISHED};
    if (sending == NULL)
        return;
    *sending = (struct sending){.ctl = ctl, .source = source, .options = options, .result = result};
    interrupted = 0;
    sigaction(SIGINT, &on, &before_int);
    sigaction(SIGTERM, &on, &before_term);
    if (prepare(sending)) {
        result->exit = CTL_DONE;
        sending->progress = ctl_progress_new(ctl, "events", source->total);
        send_all(sending);
        show_rejected(sending);
    }
    if (result->rejected > 0 && result->exit == CTL_DONE)
        result->exit = CTL_REFUSED;
    result->seconds = now_s() - started;
    sigaction(SIGINT, &before_int, NULL);
    sigaction(SIGTERM, &before_term, NULL);
    for (size_t i = 0; i < options->in_flight; i++) {
        free_ids(&sending->batches[i]);
        free(sending->batches[i].ids);
        free(sending->batches[i].bytes);
    }
    /* What libkehu may still hold of these batches is never called: the command frees it without a
     * further turn. */
    free(sending);
}

void import_send_print(const char *what, uint64_t events, const struct import_result *result)
{
    uint64_t answered = result->accepted + result->duplicates + result->rejected;
    double seconds = result->seconds > 0.001 ? result->seconds : 0.001;

    printf("%s: %llu events with %llu lines in %.1f s (%.0f events/s)\n", what,
           (unsigned long long)answered, (unsigned long long)result->lines, result->seconds,
           (double)answered / seconds);
    printf("  accepted    %10llu", (unsigned long long)result->accepted);
    if (result->historic > 0)
        printf("   (%llu historic: they change figures and trigger nothing)",
               (unsigned long long)result->historic);
    printf("\n  duplicates  %10llu\n  rejected    %10llu\n", (unsigned long long)result->duplicates,
           (unsigned long long)result->rejected);
    if (!result->finished)
        printf("  not finished: %llu events without an answer; run the same command again\n",
               (unsigned long long)(events - answered));
}

json_t *import_send_json(const char *source, uint64_t events, const struct import_result *result)
{
    char seconds[DECIMAL_TEXT_BYTES];

    decimal_print((int64_t)(result->seconds * 1000) * 1000, seconds);
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:s}", "source", source, "events",
                     (json_int_t)events, "accepted", (json_int_t)result->accepted, "duplicates",
                     (json_int_t)result->duplicates, "rejected", (json_int_t)result->rejected,
                     "lines", (json_int_t)result->lines, "historic", (json_int_t)result->historic,
                     "finished", (int)result->finished, "seconds", seconds);
}
