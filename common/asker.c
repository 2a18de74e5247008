/*
 * The client: a table of unanswered questions over a set of lines. A question's bytes are made once
 * and never change; each sending shares them with libzmq. The table is walked only when something
 * in it is due.
 */
#include "common/asker.h"

#include <uthash.h>
#include <utlist.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "common/pure/uuid.h"
#include "common/status.h"
#include "common/asker_lines.h"
#include "common/asker_wire.h"

#define ID_CHARS 64
#define TYPE_CHARS 200
#define SUBJECT_CHARS 256
#define LARGEST_PAYLOAD_BYTES (8u * 1024 * 1024)
#define LONGEST_PAUSE_MS 8000
#define SEND_QUEUE_FULL_MS 10
#define TEND_MS 250 /* the longest sleep: look-ups and reopening need no more */
/* A service that reads its keys anew may refuse for a moment. */
#define REFUSED_MS 2500
#define RECEIVE_BUDGET 256
#define NEVER INT64_MAX

struct waiting {
    char id[ID_CHARS + 1];
    zmq_msg_t message;
    size_t bytes;
    asker_answered answered;
    void *owner;
    uint64_t hash;
    uint64_t rank;        /* of the line it went to last; UINT64_MAX: none yet */
    uint64_t line_serial; /* 0: on no line */
    int64_t asked_us;
    int64_t due_ms; /* NEVER: when a line comes up */
    int64_t deadline_ms;
    int pause_ms;
    unsigned sendings;
    enum status last_status; /* of a repeatable refusal */
    char last_message[160];
    UT_hash_handle hh;
    struct waiting *prev, *next; /* while it is being ended */
};

struct asker {
    int64_t refused_ms; /* since when only refusals; 0: not so */
    struct asker_lines lines;
    struct waiting *table;
    char source[ID_CHARS + 1];
    size_t max_waiting, max_waiting_bytes, waiting_bytes;
    int first_resend_ms;
    int64_t next_ms; /* nothing of the table is due before */
    uint64_t resends;
    uint64_t dice;
};

static int64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

static int64_t calendar_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* A random part, at most a quarter, spreads those who wait for the same thing. */
static int jittered(struct asker *asker, int pause_ms)
{
    asker->dice ^= asker->dice << 13;
    asker->dice ^= asker->dice >> 7;
    asker->dice ^= asker->dice << 17;
    return pause_ms + (int)(asker->dice % (uint64_t)(pause_ms / 4 + 1));
}

static void wake_at(struct asker *asker, int64_t at_ms)
{
    if (at_ms < asker->next_ms)
        asker->next_ms = at_ms;
}

struct asker *asker_new(const struct asker_options *options, char *why, size_t why_bytes)
{
    if (!options->urls || !options->key_file ||
        (options->source && strlen(options->source) > ID_CHARS)) {
        snprintf(why, why_bytes, "urls and key_file are needed; source has at most %d characters",
                 ID_CHARS);
        return NULL;
    }
    struct asker *asker = calloc(1, sizeof(*asker));

    if (!asker) {
        snprintf(why, why_bytes, "out of memory");
        return NULL;
    }
    asker->max_waiting = options->max_waiting ? options->max_waiting : 256;
    asker->max_waiting_bytes =
        options->max_waiting_bytes ? options->max_waiting_bytes : 64u * 1024 * 1024;
    asker->first_resend_ms = options->first_resend_ms > 0 ? options->first_resend_ms : 2000;
    asker->next_ms = NEVER;
    snprintf(asker->source, sizeof(asker->source), "%s", options->source ? options->source : "");
    if (getrandom(&asker->dice, sizeof(asker->dice), 0) < 0 || asker->dice == 0)
        asker->dice = 1;

    int send_queue = asker->max_waiting < 16     ? 16
                     : asker->max_waiting > 1000 ? 1000
                                                 : (int)asker->max_waiting;

    asker->lines.watch = options->watch;
    if (!asker_lines_init(&asker->lines, options, send_queue, monotonic_ms(), why, why_bytes)) {
        asker_free(asker);
        return NULL;
    }
    return asker;
}

static void take_out(struct asker *asker, struct waiting *waiting)
{
    HASH_DEL(asker->table, waiting);
    asker->waiting_bytes -= waiting->bytes;
}

static void free_waiting(struct waiting *waiting)
{
    zmq_msg_close(&waiting->message);
    free(waiting);
}

void asker_free(struct asker *asker)
{
    struct waiting *waiting, *next;

    if (!asker)
        return;
    HASH_ITER(hh, asker->table, waiting, next)
    {
        take_out(asker, waiting);
        free_waiting(waiting);
    }
    asker_lines_close(&asker->lines);
    free(asker);
}

/* Sends to the next line in its order, or says when to try again. */
static void send_waiting(struct asker *asker, struct waiting *waiting, int64_t now_ms)
{
    uint64_t rank;
    struct asker_line *line = asker_lines_pick(&asker->lines, waiting->hash, waiting->rank, &rank);

    if (!line) {
        waiting->due_ms = NEVER;
        waiting->line_serial = 0;
        return;
    }
    if (!asker_line_send(line, &waiting->message)) {
        waiting->due_ms = now_ms + SEND_QUEUE_FULL_MS;
        wake_at(asker, waiting->due_ms);
        return;
    }
    waiting->rank = rank;
    waiting->line_serial = line->serial;
    asker->resends += waiting->sendings > 0;
    waiting->sendings++;
    waiting->due_ms = now_ms + jittered(asker, waiting->pause_ms);
    waiting->pause_ms *= 2;
    if (waiting->pause_ms > LONGEST_PAUSE_MS)
        waiting->pause_ms = LONGEST_PAUSE_MS;
    wake_at(asker, waiting->due_ms);
}

static bool fits(const char *text, size_t chars)
{
    return !text || strlen(text) <= chars;
}

static bool question_is_good(const struct asker *asker, const struct asker_question *question)
{
    const char *source = question->source ? question->source : asker->source;

    return question->type && question->type[0] && fits(question->type, TYPE_CHARS) &&
           (!question->id || question->id[0]) && fits(question->id, ID_CHARS) &&
           fits(source, ID_CHARS) && fits(question->subject, SUBJECT_CHARS) &&
           fits(question->actor, ID_CHARS) && (question->payload || !question->payload_bytes) &&
           question->deadline_ms >= 0;
}

static void make_id(char out[ID_CHARS + 1])
{
    uint8_t random[10] = {0};

    if (getrandom(random, sizeof(random), 0) < 0)
        memset(random, 0, sizeof(random)); /* cannot happen once the kernel has booted */
    struct id id = uuid_make(calendar_us(), random);

    uuid_print(&id, out);
}

enum asker_result asker_ask(struct asker *asker, const struct asker_question *question,
                            asker_answered answered, void *owner)
{
    size_t bytes = question->payload_bytes;
    int64_t now_us = monotonic_us(), deadline_us = 0;

    if (!question_is_good(asker, question))
        return ASKER_BAD;
    if (bytes > LARGEST_PAYLOAD_BYTES)
        return ASKER_TOO_LARGE;
    if (HASH_COUNT(asker->table) >= asker->max_waiting ||
        (asker->table && bytes > asker->max_waiting_bytes - asker->waiting_bytes))
        return ASKER_FULL;
    struct waiting *waiting = calloc(1, sizeof(*waiting)), *same;

    if (!waiting)
        return ASKER_FULL;
    if (question->id)
        snprintf(waiting->id, sizeof(waiting->id), "%s", question->id);
    else
        make_id(waiting->id);
    HASH_FIND_STR(asker->table, waiting->id, same);
    if (same) {
        free(waiting);
        return ASKER_BAD;
    }
    if (question->deadline_ms > 0)
        deadline_us = calendar_us() + question->deadline_ms * INT64_C(1000);
    if (!asker_wire_pack(question, waiting->id, asker->source, deadline_us, &waiting->message)) {
        free(waiting);
        return ASKER_FULL;
    }
    waiting->bytes = bytes < asker->max_waiting_bytes ? bytes : asker->max_waiting_bytes;
    waiting->answered = answered;
    waiting->owner = owner;
    waiting->hash = asker_lines_hash(question->subject && question->subject[0] ? question->subject
                                                                               : waiting->id);
    waiting->rank = UINT64_MAX;
    waiting->asked_us = now_us;
    waiting->pause_ms = asker->first_resend_ms;
    waiting->deadline_ms =
        question->deadline_ms > 0 ? now_us / 1000 + question->deadline_ms : NEVER;
    HASH_ADD_STR(asker->table, id, waiting);
    asker->waiting_bytes += waiting->bytes;
    wake_at(asker, waiting->deadline_ms);
    send_waiting(asker, waiting, now_us / 1000);
    return ASKER_OK;
}

/* The last of a question: out of the table first, since the owner may ask anew in his call. */
static void end_waiting(struct asker *asker, struct waiting *waiting, struct asker_answer *answer)
{
    take_out(asker, waiting);
    answer->request_id = waiting->id;
    answer->status_name = status_name((enum status)answer->status);
    answer->sendings = waiting->sendings;
    answer->seconds = (double)(monotonic_us() - waiting->asked_us) / 1e6;
    if (waiting->answered)
        waiting->answered(waiting->owner, answer);
    free_waiting(waiting);
}

static void give_up(struct asker *asker, struct waiting *waiting)
{
    char message[400];
    const char *trouble = asker->lines.trouble;
    struct asker_answer answer = {
        .status = DEADLINE_EXCEEDED, .message = message, .payload_type = ""};

    if (asker_lines_up(&asker->lines) == 0)
        snprintf(message, sizeof(message), "no connection to the service%s%s",
                 trouble[0] ? ": " : "", trouble);
    else if (waiting->last_status != OK)
        snprintf(message, sizeof(message), "gave up; the last answer was %s: %s",
                 status_name(waiting->last_status), waiting->last_message);
    else
        snprintf(message, sizeof(message), "no answer after %u sendings", waiting->sendings);
    end_waiting(asker, waiting, &answer);
}

/* A service that is up and does not know our key will not answer, however long we ask. */
static bool end_unknown(struct asker *asker, int64_t now_ms)
{
    struct waiting *waiting, *next;

    if (asker_lines_up(&asker->lines) > 0 || !asker_lines_refused(&asker->lines)) {
        asker->refused_ms = 0;
        return false;
    }
    if (asker->refused_ms == 0)
        asker->refused_ms = now_ms;
    if (now_ms - asker->refused_ms < REFUSED_MS || !asker->table)
        return false;
    HASH_ITER(hh, asker->table, waiting, next)
    {
        struct asker_answer answer = {.status = UNAUTHENTICATED,
                                      .message = "the service does not know this key",
                                      .payload_type = ""};
        end_waiting(asker, waiting, &answer);
    }
    return true;
}

/* True when the library goes on by itself. A question without a deadline outlives the service's
 * own. */
static bool repeats(const struct waiting *waiting, enum status status)
{
    return status_is_repeatable(status) &&
           (status != DEADLINE_EXCEEDED || waiting->deadline_ms == NEVER);
}

static void take_answer(struct asker *asker, zmq_msg_t *frame, int64_t now_ms)
{
    struct asker_wire_reply reply;
    struct waiting *waiting;

    if (!asker_wire_unpack(zmq_msg_data(frame), zmq_msg_size(frame), &reply))
        return;
    HASH_FIND_STR(asker->table, reply.answer.request_id, waiting);
    /* Late and doubled answers find nothing. */
    if (waiting && repeats(waiting, (enum status)reply.answer.status)) {
        waiting->last_status = (enum status)reply.answer.status;
        snprintf(waiting->last_message, sizeof(waiting->last_message), "%s", reply.answer.message);
        waiting->due_ms = now_ms + jittered(asker, reply.retry_after_ms);
        wake_at(asker, waiting->due_ms);
    } else if (waiting) {
        end_waiting(asker, waiting, &reply.answer);
    }
    asker_wire_free(&reply);
}

static bool receive(struct asker *asker, int64_t now_ms)
{
    bool received = false;

    for (size_t i = 0; i < asker->lines.count; i++) {
        zmq_msg_t frame;

        zmq_msg_init(&frame);
        for (int budget = RECEIVE_BUDGET;
             budget > 0 && asker_line_receive(&asker->lines.lines[i], &frame); budget--) {
            take_answer(asker, &frame, now_ms);
            received = true;
        }
        zmq_msg_close(&frame);
    }
    return received;
}

/* After a line went up or down: what was on no line, or on one that is gone, is due now. */
static void move_waiting(struct asker *asker, int64_t now_ms)
{
    for (struct waiting *waiting = asker->table; waiting; waiting = waiting->hh.next) {
        bool stands = false;

        for (size_t i = 0; i < asker->lines.count; i++) {
            const struct asker_line *line = &asker->lines.lines[i];

            stands = stands || (line->serial == waiting->line_serial && line->up && !line->lost);
        }
        if (!stands && waiting->due_ms > now_ms && waiting->line_serial != 0)
            waiting->due_ms = now_ms;
        if (!stands && waiting->due_ms == NEVER)
            waiting->due_ms = now_ms;
    }
    for (size_t i = 0; i < asker->lines.count; i++)
        asker->lines.lines[i].lost = false;
    wake_at(asker, now_ms);
}

static bool work_off(struct asker *asker, int64_t now_ms)
{
    struct waiting *expired = NULL, *waiting, *next;

    if (now_ms < asker->next_ms)
        return false;
    asker->next_ms = NEVER;
    HASH_ITER(hh, asker->table, waiting, next)
    {
        if (waiting->deadline_ms <= now_ms) {
            DL_APPEND(expired, waiting);
            continue;
        }
        if (waiting->due_ms <= now_ms)
            send_waiting(asker, waiting, now_ms);
        wake_at(asker, waiting->due_ms);
        wake_at(asker, waiting->deadline_ms);
    }
    bool any = expired != NULL;

    DL_FOREACH_SAFE(expired, waiting, next)
    give_up(asker, waiting);
    return any;
}

static bool turn_once(struct asker *asker)
{
    int64_t now_ms = monotonic_ms();
    bool changed = asker_lines_tend(&asker->lines, now_ms);

    /* Answers first: one that has arrived is not asked for again because its line is gone. */
    bool received = receive(asker, now_ms);

    if (changed)
        move_waiting(asker, now_ms);
    return end_unknown(asker, now_ms) || work_off(asker, now_ms) || received;
}

bool asker_turn(struct asker *asker, int timeout_ms)
{
    if (turn_once(asker))
        return true;
    if (timeout_ms == 0)
        return false;
    int64_t sleep_ms = asker->next_ms == NEVER ? TEND_MS : asker->next_ms - monotonic_ms();

    if (sleep_ms > TEND_MS)
        sleep_ms = TEND_MS;
    if (timeout_ms > 0 && sleep_ms > timeout_ms)
        sleep_ms = timeout_ms;
    if (sleep_ms > 0)
        asker_lines_poll(&asker->lines, (int)sleep_ms);
    return turn_once(asker);
}

bool asker_wait(struct asker *asker, int timeout_ms)
{
    int64_t end_ms = timeout_ms < 0 ? NEVER : monotonic_ms() + timeout_ms;

    while (asker->table) {
        int64_t left_ms = end_ms - monotonic_ms();

        if (left_ms <= 0)
            return false;
        asker_turn(asker, left_ms < TEND_MS ? (int)left_ms : TEND_MS);
    }
    return true;
}

size_t asker_waiting(const struct asker *asker)
{
    return HASH_COUNT(asker->table);
}

uint64_t asker_resends(const struct asker *asker)
{
    return asker->resends;
}

size_t asker_connected(const struct asker *asker)
{
    return asker_lines_up(&asker->lines);
}
