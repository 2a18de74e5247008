/*
 * The ROUTER on the loop. ZMQ_FD is edge-triggered: its readiness only wakes the loop, and the
 * truth is ZMQ_EVENTS, read once per turn and again after the turn's sends, which may swallow an
 * edge. Whoever still has something to read keeps the loop from sleeping.
 */
#include "common/bus.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "common/bus_queue.h"
#include "common/curve.h"
#include "common/file_limit.h"
#include "common/logfmt.h"
#include "common/zap.h"

#define MESSAGES_PER_TURN 256
#define BYTES_PER_TURN (4 * 1024 * 1024)
/* A send may swallow the edge that says that a slow peer takes answers again: look anyway. */
#define RETRY_MS 10
#define WATCH_MS 60000
/* What libzmq makes of peers that bring no identity: a zero byte and a number of 4 bytes. */
#define IDENTITY_BYTES 5

struct bus {
    struct loop *loop;
    struct keys *keys;
    bus_receive receive;
    bus_refuse refuse;
    void *owner;
    void *context;
    void *router;
    struct zap *zap;
    struct bus_queue *queue;
    struct bus_counters counters;
    uv_poll_t router_poll, zap_poll;
    uv_timer_t retry, watch;
    int open_handles;
    bool is_paused;
    bool is_closing;
    bool is_abandoned;  /* bus_free came before the last close callback, which then frees */
    bool is_discarding; /* amid a message of too many frames */
    char endpoint[256];
};

static int socket_events(void *socket)
{
    int events = 0;
    size_t bytes = sizeof(events);

    return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &bytes) == 0 ? events : 0;
}

static bool set_number(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

/* Ends connections that do not finish the handshake, that fall silent, or that send too much. */
static bool set_options(void *router, const struct bus_options *options)
{
    int64_t max_bytes = (int64_t)options->max_message_bytes;

    return set_number(router, ZMQ_ROUTER_MANDATORY, 1) &&
           set_number(router, ZMQ_ROUTER_HANDOVER, 0) && set_number(router, ZMQ_LINGER, 1000) &&
           set_number(router, ZMQ_SNDHWM, options->queue_messages) &&
           set_number(router, ZMQ_RCVHWM, options->queue_messages) &&
           set_number(router, ZMQ_HEARTBEAT_IVL, 10000) &&
           set_number(router, ZMQ_HEARTBEAT_TIMEOUT, 30000) &&
           set_number(router, ZMQ_HANDSHAKE_IVL, 10000) && set_number(router, ZMQ_IPV6, 1) &&
           set_number(router, ZMQ_BACKLOG, 1024) && set_number(router, ZMQ_CURVE_SERVER, 1) &&
           zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &max_bytes, sizeof(max_bytes)) == 0 &&
           zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, "kehu", 4) == 0 &&
           zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, options->secret_z85, CURVE_Z85_CHARS) == 0;
}

static enum status open_router(struct bus *bus, const struct bus_options *options, char *why,
                               size_t why_bytes)
{
    size_t bytes = sizeof(bus->endpoint);

    if (!curve_is_key(options->secret_z85)) {
        snprintf(why, why_bytes, "the server's secret key is not %d characters of Z85",
                 CURVE_Z85_CHARS);
        return INVALID_ARGUMENT;
    }
    bus->router = zmq_socket(bus->context, ZMQ_ROUTER);
    if (!bus->router || !set_options(bus->router, options)) {
        snprintf(why, why_bytes, "cannot set up the ROUTER: %s", zmq_strerror(zmq_errno()));
        return INTERNAL;
    }
    if (zmq_bind(bus->router, options->endpoint) != 0) {
        int error = zmq_errno();

        snprintf(why, why_bytes, "cannot listen on %s: %s", options->endpoint, zmq_strerror(error));
        return error == EINVAL || error == EPROTONOSUPPORT ? INVALID_ARGUMENT : UNAVAILABLE;
    }
    zmq_getsockopt(bus->router, ZMQ_LAST_ENDPOINT, bus->endpoint, &bytes);
    return OK;
}

static enum status open_sockets(struct bus *bus, const struct bus_options *options, char *why,
                                size_t why_bytes)
{
    enum status status;

    bus->context = zmq_ctx_new();
    if (!bus->context) {
        snprintf(why, why_bytes, "cannot make a ZeroMQ context: %s", zmq_strerror(zmq_errno()));
        return INTERNAL;
    }
    zmq_ctx_set(bus->context, ZMQ_IO_THREADS, 1);
    zmq_ctx_set(bus->context, ZMQ_MAX_SOCKETS, 16);
    /* ZAP first: a ROUTER without a ZAP handler lets every CURVE key in. */
    status = zap_new(bus->context, bus->keys, &bus->zap, why, why_bytes);
    if (status == OK)
        status = open_router(bus, options, why, why_bytes);
    if (status == OK) {
        bus->queue = bus_queue_new(bus->router, options->waiting_answers, options->waiting_bytes,
                                   &bus->counters);
        if (!bus->queue) {
            snprintf(why, why_bytes, "out of memory");
            status = INTERNAL;
        }
    }
    return status;
}

/* The ROUTER goes before ZAP, so that it never listens without it. */
static void close_sockets(struct bus *bus)
{
    bus_queue_free(bus->queue);
    bus->queue = NULL;
    if (bus->router)
        zmq_close(bus->router);
    bus->router = NULL;
    zap_free(bus->zap);
    bus->zap = NULL;
}

static void destroy(struct bus *bus)
{
    close_sockets(bus);
    if (bus->context)
        zmq_ctx_term(bus->context); /* waits for the linger, 1 s at most */
    free(bus);
}

/* Nothing to do here: being awake is enough, the stations of the turn come next. */
static void wake(uv_poll_t *poll, int status, int events)
{
    (void)poll;
    (void)status;
    (void)events;
}

static void wake_for_retry(uv_timer_t *timer)
{
    (void)timer;
}

static void watch_files(uv_timer_t *timer)
{
    (void)timer;
    if (file_limit_is_near())
        logfmt_warning("files-near-limit", "why",
                       "more than 80 % of the limit of open files are in use", NULL);
}

static void start_poll(struct bus *bus, uv_poll_t *poll, int descriptor)
{
    int failed = uv_poll_init(loop_uv(bus->loop), poll, descriptor);

    assert(!failed); /* a fresh eventfd can be polled */
    (void)failed;
    poll->data = bus;
    uv_poll_start(poll, UV_READABLE, wake);
    bus->open_handles++;
}

static void start_handles(struct bus *bus)
{
    int descriptor = -1;
    size_t bytes = sizeof(descriptor);

    zmq_getsockopt(bus->router, ZMQ_FD, &descriptor, &bytes);
    start_poll(bus, &bus->router_poll, descriptor);
    start_poll(bus, &bus->zap_poll, zap_descriptor(bus->zap));
    uv_timer_init(loop_uv(bus->loop), &bus->retry);
    uv_timer_init(loop_uv(bus->loop), &bus->watch);
    bus->retry.data = bus;
    bus->watch.data = bus;
    uv_timer_start(&bus->watch, watch_files, WATCH_MS, WATCH_MS);
    bus->open_handles += 2;
}

enum status bus_new(struct loop *loop, struct keys *keys, const struct bus_options *options,
                    bus_receive receive, bus_refuse refuse, void *owner, struct bus **out,
                    char *why, size_t why_bytes)
{
    struct bus *bus = calloc(1, sizeof(*bus));
    enum status status;

    if (!bus) {
        snprintf(why, why_bytes, "out of memory");
        return INTERNAL;
    }
    bus->loop = loop;
    bus->keys = keys;
    bus->receive = receive;
    bus->refuse = refuse;
    bus->owner = owner;
    file_limit_raise();
    status = open_sockets(bus, options, why, why_bytes);
    if (status != OK) {
        destroy(bus);
        return status;
    }
    start_handles(bus);
    *out = bus;
    return OK;
}

const char *bus_endpoint(const struct bus *bus)
{
    return bus->endpoint;
}

static void handle_closed(uv_handle_t *handle)
{
    struct bus *bus = handle->data;

    if (--bus->open_handles > 0)
        return;
    /* Only now: closing a socket whose descriptor is still polled gives a dead or foreign poll. */
    close_sockets(bus);
    if (bus->is_abandoned)
        destroy(bus);
}

void bus_close(struct bus *bus)
{
    if (!bus || bus->is_closing)
        return;
    bus->is_closing = true;
    bus_queue_flush(bus->queue);
    uv_close((uv_handle_t *)&bus->router_poll, handle_closed);
    uv_close((uv_handle_t *)&bus->zap_poll, handle_closed);
    uv_close((uv_handle_t *)&bus->retry, handle_closed);
    uv_close((uv_handle_t *)&bus->watch, handle_closed);
}

void bus_free(struct bus *bus)
{
    if (!bus)
        return;
    bus_close(bus);
    if (bus->open_handles > 0)
        bus->is_abandoned = true;
    else
        destroy(bus);
}

/* True when the frame was one; `has_more` says whether its message goes on. */
static bool take_frame(struct bus *bus, zmq_msg_t *frame, bool *has_more)
{
    zmq_msg_init(frame);
    if (zmq_msg_recv(frame, bus->router, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(frame);
        return false;
    }
    *has_more = zmq_msg_more(frame);
    return true;
}

/* Drops the next frame of a message of too many; they may be many, so each counts as a read. */
static bool discard_frame(struct bus *bus)
{
    zmq_msg_t frame;

    if (!take_frame(bus, &frame, &bus->is_discarding))
        return false;
    zmq_msg_close(&frame);
    return true;
}

static bool is_own_identity(zmq_msg_t *identity)
{
    const uint8_t *bytes = zmq_msg_data(identity);

    return zmq_msg_size(identity) == IDENTITY_BYTES && bytes[0] == 0;
}

static void hand_over(struct bus *bus, zmq_msg_t *identity, zmq_msg_t *body)
{
    const char *public_z85 = zmq_msg_gets(body, "User-Id");
    struct bus_message message = {.body = zmq_msg_data(body), .body_bytes = zmq_msg_size(body)};

    /* Without a user id ZAP did not see this connection: nobody is answered. */
    if (!public_z85 || !is_own_identity(identity)) {
        bus->counters.bad_frames++;
        return;
    }
    message.route.length = IDENTITY_BYTES;
    memcpy(message.route.bytes, zmq_msg_data(identity), IDENTITY_BYTES);
    message.key = keys_by_public(bus->keys, public_z85);
    bus->counters.received++;
    if (message.key) {
        bus->receive(bus->owner, &message);
        return;
    }
    bus->counters.refused_revoked++;
    bus->refuse(bus->owner, &message.route, message.body, message.body_bytes);
}

/* Reads one message of two frames, identity and body. False when there is none. */
static bool read_message(struct bus *bus, size_t *bytes)
{
    zmq_msg_t identity, body;
    bool has_more = false;

    if (bus->is_discarding)
        return discard_frame(bus);
    if (!take_frame(bus, &identity, &has_more))
        return false;
    if (!has_more || !take_frame(bus, &body, &has_more)) {
        bus->counters.bad_frames++;
        zmq_msg_close(&identity);
        return true;
    }
    *bytes += zmq_msg_size(&body);
    if (has_more) {
        bus->counters.bad_frames++;
        bus->is_discarding = true;
    } else {
        hand_over(bus, &identity, &body);
    }
    zmq_msg_close(&body);
    zmq_msg_close(&identity);
    return true;
}

static void read_messages(struct bus *bus)
{
    size_t bytes = 0;

    /* Rights are as of this turn: a key removed before it is refused in it. */
    keys_refresh(bus->keys);
    for (int i = 0; i < MESSAGES_PER_TURN && bytes < BYTES_PER_TURN; i++)
        if (bus->is_paused || bus->is_closing || !read_message(bus, &bytes))
            return;
}

void bus_read(void *owner)
{
    struct bus *bus = owner;

    if (bus->is_closing)
        return;
    if (zap_serve(bus->zap))
        loop_turn_again(bus->loop);
    if (!bus->is_paused && (socket_events(bus->router) & ZMQ_POLLIN))
        read_messages(bus);
}

void bus_write(void *owner)
{
    struct bus *bus = owner;
    bool has_message, has_question;

    if (bus->is_closing)
        return;
    if (!bus_queue_flush(bus->queue))
        uv_timer_stop(&bus->retry);
    else if (!uv_is_active((uv_handle_t *)&bus->retry))
        uv_timer_start(&bus->retry, wake_for_retry, RETRY_MS, RETRY_MS);
    /*
     * After the last send of the turn: what arrived meanwhile has spent its edge. Asking also
     * resets the descriptor, so it is done while paused too, or the loop would spin.
     */
    has_message = socket_events(bus->router) & ZMQ_POLLIN;
    has_question = zap_serve(bus->zap);
    if (has_question || (has_message && !bus->is_paused))
        loop_turn_again(bus->loop);
    bus->counters.refused_handshakes = zap_refused_count(bus->zap);
}

void bus_answer(struct bus *bus, const struct bus_route *route, const uint8_t *bytes, size_t count)
{
    if (!bus->is_closing)
        bus_queue_add(bus->queue, route, bytes, count);
}

void bus_pause(struct bus *bus)
{
    bus->is_paused = true;
}

const struct bus_counters *bus_counters(const struct bus *bus)
{
    return &bus->counters;
}
