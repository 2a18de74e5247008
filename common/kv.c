/*
 * Asks to Redis: a queue in the order of sending, which is the order of the answers. Commands of a
 * turn leave together; what can be answered at once (no connection, too many) waits for the loop's
 * next turn, so that nothing arrives before kv_send returned. One idle handle does both, and is
 * active only while there is something to do.
 */
#include "common/kv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/kv_link.h"

#define CONNECT_MS 2000
#define PAUSE_FIRST_MS 100
#define PAUSE_LONGEST_MS 5000
#define OUTPUT_BYTES_MAX ((size_t)16 << 20)
#define ARGUMENTS_MAX 16

enum state {
    STATE_IDLE,       /* kv_connect was not called yet */
    STATE_PAUSING,    /* the timer connects again */
    STATE_CONNECTING, /* until connected and greeted; the timer gives up */
    STATE_READY,      /* the timer looks for asks past their deadline */
    STATE_CLOSED,
};

struct kv {
    struct loop *loop;
    struct kv_options options; /* its texts are copies */
    struct kv_counters counters;
    enum state state;
    struct kv_link *link;
    uv_timer_t timer;
    uv_idle_t idle;
    unsigned pause_ms;
    unsigned greetings;  /* answers of the greeting still to come */
    struct kv_ask *sent; /* first is answered next */
    struct kv_ask *sent_last;
    struct kv_ask *refused; /* arrive in the next turn; due_ms holds their status */
    bool last_look;         /* an ask is past its deadline; what the socket holds is read first */
    uint64_t next_due_ms;   /* no ask is due before it; UINT64_MAX: none */
    char *output;           /* commands of this turn */
    size_t output_bytes, output_room;
    unsigned open_handles;
    bool freed;
};

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000; /* libuv's own time stands still during a turn */
}

static void on_timer(uv_timer_t *timer);

static void set_timer(struct kv *kv, uint64_t in_ms)
{
    if (kv->state != STATE_CLOSED)
        uv_timer_start(&kv->timer, on_timer, in_ms, 0);
}

/* --- the end of an ask --- */

static void end_ask(struct kv *kv, struct kv_ask *ask, enum status status)
{
    if (status == DEADLINE_EXCEEDED)
        kv->counters.timeouts++;
    else if (status != OK)
        kv->counters.failures++;
    ask->next = NULL;
    ask->arrived(ask, status);
}

static void end_refused(struct kv *kv)
{
    struct kv_ask *list = kv->refused, *ask, *next;

    kv->refused = NULL; /* those refused meanwhile wait for the next turn */
    for (ask = list; ask; ask = next) {
        next = ask->next;
        end_ask(kv, ask, (enum status)ask->due_ms);
    }
}

/* Hangs up and ends everything sent: past its deadline is DEADLINE_EXCEEDED, the rest UNAVAILABLE.
 */
static void hang_up(struct kv *kv, uint64_t due_until_ms)
{
    struct kv_ask *list = kv->sent, *ask, *next;

    kv_link_close(kv->link);
    kv->link = NULL;
    kv->sent = kv->sent_last = NULL;
    kv->counters.waiting = 0;
    kv->next_due_ms = UINT64_MAX;
    kv->last_look = false;
    kv->output_bytes = 0;
    if (kv->state != STATE_CLOSED) {
        kv->state = STATE_PAUSING;
        set_timer(kv, kv->pause_ms);
        kv->pause_ms = kv->pause_ms * 2 < PAUSE_LONGEST_MS ? kv->pause_ms * 2 : PAUSE_LONGEST_MS;
    }
    /* Last, since `arrived` may send again or close. */
    for (ask = list; ask; ask = next) {
        next = ask->next;
        end_ask(kv, ask, ask->due_ms <= due_until_ms ? DEADLINE_EXCEEDED : UNAVAILABLE);
    }
}

/* --- answers --- */

/* Redis's error codes are the first word of the sentence. */
static enum status status_of_error(const char *text)
{
    static const char *const later[] = {"LOADING", "MASTERDOWN", "READONLY",
                                        "BUSY",    "TRYAGAIN",   "CLUSTERDOWN"};

    for (size_t i = 0; i < COUNT_OF(later); i++)
        if (strncmp(text, later[i], strlen(later[i])) == 0)
            return UNAVAILABLE;
    return strncmp(text, "OOM", 3) == 0 ? RESOURCE_EXHAUSTED : INTERNAL;
}

static enum status take_reply(struct kv_ask *ask, const redisReply *reply)
{
    ask->found = reply->type != REDIS_REPLY_NIL;
    ask->integer = 0;
    ask->value = NULL;
    ask->value_bytes = 0;
    if (reply->type == REDIS_REPLY_INTEGER)
        ask->integer = reply->integer;
    if (reply->type == REDIS_REPLY_ARRAY)
        ask->integer = (int64_t)reply->elements;
    if (ask->arena && (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS ||
                       reply->type == REDIS_REPLY_ERROR)) {
        ask->value = arena_copy_text(ask->arena, reply->str, reply->len);
        if (!ask->value)
            return RESOURCE_EXHAUSTED;
        ask->value_bytes = reply->len;
    }
    return reply->type == REDIS_REPLY_ERROR ? status_of_error(reply->str) : OK;
}

static void on_greeted(struct kv *kv, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_ERROR) { /* wrong password, or still loading */
        hang_up(kv, 0);
        return;
    }
    if (--kv->greetings > 0)
        return;
    kv->state = STATE_READY;
    kv->pause_ms = PAUSE_FIRST_MS;
    kv->counters.connects++;
    uv_timer_stop(&kv->timer);
}

static void on_replied(void *owner, const redisReply *reply)
{
    struct kv *kv = owner;
    struct kv_ask *ask = kv->sent;

    if (kv->greetings > 0) {
        on_greeted(kv, reply);
        return;
    }
    if (!ask) { /* an answer that nobody asked for: the order is lost */
        hang_up(kv, 0);
        return;
    }
    kv->sent = ask->next;
    if (!kv->sent)
        kv->sent_last = NULL;
    kv->counters.waiting--;
    end_ask(kv, ask, take_reply(ask, reply));
}

/* --- the connection --- */

/* Adds a command to what leaves next. False when memory is out. */
static bool add_output(struct kv *kv, int argc, const char **argv, const size_t *argv_bytes)
{
    char *command;
    int bytes = redisFormatCommandArgv(&command, argc, argv, argv_bytes);
    size_t room = kv->output_room ? kv->output_room : 4096;

    if (bytes < 0)
        return false;
    while (room < kv->output_bytes + (size_t)bytes)
        room *= 2;
    if (room > kv->output_room) {
        char *larger = realloc(kv->output, room);

        if (!larger) {
            redisFreeCommand(command);
            return false;
        }
        kv->output = larger;
        kv->output_room = room;
    }
    memcpy(kv->output + kv->output_bytes, command, (size_t)bytes);
    kv->output_bytes += (size_t)bytes;
    redisFreeCommand(command);
    return true;
}

static void write_output(struct kv *kv)
{
    if (!kv->link || kv->output_bytes == 0)
        return;
    kv_link_write(kv->link, kv->output, kv->output_bytes);
    kv->output = NULL;
    kv->output_bytes = kv->output_room = 0;
}

/* PING tells a server that is loading, or wants a password, from one that is ready. */
static void on_connected(void *owner)
{
    struct kv *kv = owner;
    const char *auth[] = {"AUTH", kv->options.password}, *ping[] = {"PING"};
    bool good = true;

    kv->greetings = 1;
    if (kv->options.password[0]) {
        kv->greetings++;
        good = add_output(kv, 2, auth, NULL);
    }
    if (good && add_output(kv, 1, ping, NULL))
        write_output(kv);
    else
        hang_up(kv, 0);
}

static void on_lost(void *owner)
{
    hang_up(owner, 0);
}

static void connect_now(struct kv *kv)
{
    static const struct kv_link_events events = {on_connected, on_replied, on_lost};

    kv->greetings = 0;
    kv->state = STATE_CONNECTING;
    set_timer(kv, CONNECT_MS);
    kv->link = kv_link_open(loop_uv(kv->loop), kv->options.host, kv->options.port, &events, kv);
    if (!kv->link)
        hang_up(kv, 0);
}

/* Time-outs differ from ask to ask, so the queue is not in the order of deadlines. */
static void look_for_due(struct kv *kv)
{
    struct kv_ask *ask;
    uint64_t now = now_ms();

    kv->next_due_ms = UINT64_MAX;
    for (ask = kv->sent; ask; ask = ask->next)
        if (ask->due_ms < kv->next_due_ms)
            kv->next_due_ms = ask->due_ms;
    if (kv->next_due_ms > now) {
        kv->last_look = false;
        if (kv->next_due_ms != UINT64_MAX)
            set_timer(kv, kv->next_due_ms - now);
    } else if (!kv->last_look) {
        /* After a long turn timers come before reading: it may be us who are late, not Redis. */
        kv->last_look = true;
        set_timer(kv, 1);
    } else {
        hang_up(kv, now);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct kv *kv = timer->data;

    switch (kv->state) {
    case STATE_PAUSING:
        connect_now(kv);
        return;
    case STATE_CONNECTING:
        hang_up(kv, 0);
        return;
    case STATE_READY:
        look_for_due(kv);
        return;
    case STATE_IDLE:
    case STATE_CLOSED:
        return;
    }
}

static void on_idle(uv_idle_t *idle)
{
    struct kv *kv = idle->data;

    uv_idle_stop(idle);
    write_output(kv);
    end_refused(kv);
}

static void free_all(struct kv *kv)
{
    free((char *)kv->options.host);
    free((char *)kv->options.password);
    free((char *)kv->options.prefix);
    free(kv->output);
    free(kv);
}

struct kv *kv_new(struct loop *loop, const struct kv_options *options)
{
    struct kv *kv = calloc(1, sizeof(*kv));

    if (!kv)
        return NULL;
    kv->loop = loop;
    kv->options = *options;
    kv->options.host = strdup(options->host);
    kv->options.password = strdup(options->password);
    kv->options.prefix = strdup(options->prefix);
    if (!kv->options.host || !kv->options.password || !kv->options.prefix) {
        free_all(kv);
        return NULL;
    }
    kv->pause_ms = PAUSE_FIRST_MS;
    kv->next_due_ms = UINT64_MAX;
    uv_timer_init(loop_uv(loop), &kv->timer);
    uv_idle_init(loop_uv(loop), &kv->idle);
    kv->timer.data = kv;
    kv->idle.data = kv;
    kv->open_handles = 2;
    return kv;
}

void kv_connect(struct kv *kv)
{
    if (kv->state == STATE_IDLE)
        connect_now(kv);
}

static void on_closed(uv_handle_t *handle)
{
    struct kv *kv = handle->data;

    end_refused(kv); /* sent after kv_close */
    if (--kv->open_handles == 0 && kv->freed)
        free_all(kv);
}

void kv_close(struct kv *kv)
{
    if (!kv || kv->state == STATE_CLOSED)
        return;
    kv->state = STATE_CLOSED;
    hang_up(kv, 0);
    end_refused(kv);
    uv_close((uv_handle_t *)&kv->timer, on_closed);
    uv_close((uv_handle_t *)&kv->idle, on_closed);
}

void kv_free(struct kv *kv)
{
    if (!kv)
        return;
    kv->freed = true;
    kv_close(kv);
    if (kv->open_handles == 0)
        free_all(kv);
}

static void refuse(struct kv *kv, struct kv_ask *ask, enum status status)
{
    assert(kv->open_handles > 0); /* after the loop has gone nobody asks */
    ask->due_ms = status;
    ask->next = kv->refused;
    kv->refused = ask;
    if (kv->state != STATE_CLOSED)
        uv_idle_start(&kv->idle, on_idle);
}

/* Why the ask cannot be sent; OK when it can. */
static enum status find_obstacle(struct kv *kv, const struct kv_ask *ask)
{
    assert(ask->argc >= 1 && ask->argc <= ARGUMENTS_MAX);
    if (kv->state != STATE_READY)
        return UNAVAILABLE;
    if (kv->counters.waiting >= kv->options.max_waiting ||
        kv->output_bytes + kv_link_waiting_bytes(kv->link) > OUTPUT_BYTES_MAX)
        return RESOURCE_EXHAUSTED;
    return OK;
}

void kv_send(struct kv *kv, struct kv_ask *ask)
{
    enum status obstacle = find_obstacle(kv, ask);

    ask->found = false;
    ask->next = NULL;
    if (!obstacle && !add_output(kv, ask->argc, ask->argv, ask->argv_bytes))
        obstacle = RESOURCE_EXHAUSTED;
    if (obstacle) {
        refuse(kv, ask, obstacle);
        return;
    }
    ask->due_ms =
        now_ms() + (uint64_t)(ask->timeout_ms > 0 ? ask->timeout_ms : kv->options.timeout_ms);
    if (kv->sent_last)
        kv->sent_last->next = ask;
    else
        kv->sent = ask;
    kv->sent_last = ask;
    kv->counters.commands++;
    kv->counters.waiting++;
    if (ask->due_ms < kv->next_due_ms) {
        kv->next_due_ms = ask->due_ms;
        set_timer(kv, ask->due_ms - now_ms());
    }
    uv_idle_start(&kv->idle, on_idle);
}

static void free_told(struct kv_ask *ask, enum status status)
{
    (void)status; /* it is counted */
    free(ask);
}

void kv_tell(struct kv *kv, const struct kv_ask *command)
{
    struct kv_ask *ask = malloc(sizeof(*ask));

    if (!ask)
        return;
    *ask = *command;
    ask->arena = NULL;
    ask->arrived = free_told;
    kv_send(kv, ask);
}

bool kv_is_ready(const struct kv *kv)
{
    return kv->state == STATE_READY;
}

const char *kv_prefix(const struct kv *kv)
{
    return kv->options.prefix;
}

const struct kv_counters *kv_counters(const struct kv *kv)
{
    return &kv->counters;
}
