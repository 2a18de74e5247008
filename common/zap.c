/*
 * ZAP on a REP socket. Questions come from libzmq itself, yet each is checked: whoever shares the
 * context could ask too.
 */
#include "common/zap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "common/curve.h"

#define ENDPOINT "inproc://zeromq.zap.01"
#define QUESTIONS_PER_TURN 64
#define ID_BYTES_MAX 255

/* The frames of a question, in their order on the wire. */
enum frame {
    FRAME_VERSION,
    FRAME_ID,
    FRAME_DOMAIN,
    FRAME_ADDRESS,
    FRAME_IDENTITY,
    FRAME_MECHANISM,
    FRAME_CREDENTIALS,
    FRAME_COUNT,
};

struct question {
    zmq_msg_t frames[FRAME_COUNT];
    size_t count; /* frames received, also those past FRAME_COUNT, which are not kept */
};

struct verdict {
    const char *code;
    const char *text;
    char user[CURVE_Z85_CHARS + 1];
};

struct zap {
    void *socket;
    struct keys *keys;
    uint64_t allowed, refused;
};

enum status zap_new(void *context, struct keys *keys, struct zap **out, char *why, size_t why_bytes)
{
    const int linger_ms = 0;
    struct zap *zap = calloc(1, sizeof(*zap));

    if (zap)
        zap->socket = zmq_socket(context, ZMQ_REP);
    if (!zap || !zap->socket) {
        snprintf(why, why_bytes, "cannot make the ZAP socket: %s", zmq_strerror(zmq_errno()));
        free(zap);
        return UNAVAILABLE;
    }
    zap->keys = keys;
    zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger_ms, sizeof(linger_ms));
    if (zmq_bind(zap->socket, ENDPOINT) != 0) {
        snprintf(why, why_bytes, "cannot bind ZAP at %s: %s", ENDPOINT, zmq_strerror(zmq_errno()));
        zap_free(zap);
        return UNAVAILABLE;
    }
    *out = zap;
    return OK;
}

void zap_free(struct zap *zap)
{
    if (!zap)
        return;
    zmq_close(zap->socket);
    free(zap);
}

int zap_descriptor(struct zap *zap)
{
    int descriptor = -1;
    size_t bytes = sizeof(descriptor);

    zmq_getsockopt(zap->socket, ZMQ_FD, &descriptor, &bytes);
    return descriptor;
}

static bool has_question(struct zap *zap)
{
    int events = 0;
    size_t bytes = sizeof(events);

    return zmq_getsockopt(zap->socket, ZMQ_EVENTS, &events, &bytes) == 0 && (events & ZMQ_POLLIN);
}

static bool frame_is(zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size(frame) == strlen(text) &&
           memcmp(zmq_msg_data(frame), text, strlen(text)) == 0;
}

/* Receives a question whole. False when there is none. */
static bool take_question(struct zap *zap, struct question *question)
{
    zmq_msg_t frame;
    bool has_more = true;

    question->count = 0;
    while (has_more) {
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, zap->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&frame);
            return question->count > 0;
        }
        has_more = zmq_msg_more(&frame);
        if (question->count < FRAME_COUNT) {
            zmq_msg_init(&question->frames[question->count]);
            zmq_msg_move(&question->frames[question->count], &frame);
        }
        question->count++;
        zmq_msg_close(&frame);
    }
    return true;
}

static void free_question(struct question *question)
{
    for (size_t i = 0; i < question->count && i < FRAME_COUNT; i++)
        zmq_msg_close(&question->frames[i]);
}

static struct verdict judge(struct zap *zap, struct question *question)
{
    struct verdict verdict = {.code = "400", .text = "unknown key"};
    char public_z85[CURVE_Z85_CHARS + 1];

    if (question->count < FRAME_COUNT - 1 || !frame_is(&question->frames[FRAME_VERSION], "1.0") ||
        zmq_msg_size(&question->frames[FRAME_ID]) > ID_BYTES_MAX)
        return (struct verdict){.code = "500", .text = "malformed question"};
    if (!frame_is(&question->frames[FRAME_MECHANISM], "CURVE"))
        return (struct verdict){.code = "400", .text = "only CURVE is accepted"};
    if (question->count != FRAME_COUNT ||
        zmq_msg_size(&question->frames[FRAME_CREDENTIALS]) != CURVE_KEY_BYTES)
        return (struct verdict){.code = "400", .text = "malformed credentials"};
    curve_encode(zmq_msg_data(&question->frames[FRAME_CREDENTIALS]), public_z85);
    if (keys_by_public(zap->keys, public_z85)) {
        verdict.code = "200";
        verdict.text = "OK";
        memcpy(verdict.user, public_z85, sizeof(verdict.user));
    }
    return verdict;
}

static void answer(struct zap *zap, struct question *question, const struct verdict *verdict)
{
    const void *id = "";
    size_t id_bytes = 0;

    if (question->count > FRAME_ID && zmq_msg_size(&question->frames[FRAME_ID]) <= ID_BYTES_MAX) {
        id = zmq_msg_data(&question->frames[FRAME_ID]);
        id_bytes = zmq_msg_size(&question->frames[FRAME_ID]);
    }
    /* A REP socket drops what its asker no longer waits for, so sending does not fail or block. */
    zmq_send(zap->socket, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(zap->socket, id, id_bytes, ZMQ_SNDMORE);
    zmq_send(zap->socket, verdict->code, strlen(verdict->code), ZMQ_SNDMORE);
    zmq_send(zap->socket, verdict->text, strlen(verdict->text), ZMQ_SNDMORE);
    zmq_send(zap->socket, verdict->user, strlen(verdict->user), ZMQ_SNDMORE);
    zmq_send(zap->socket, "", 0, 0);
}

bool zap_serve(struct zap *zap)
{
    struct question question;

    for (int i = 0; i < QUESTIONS_PER_TURN; i++) {
        struct verdict verdict;

        if (!has_question(zap) || !take_question(zap, &question))
            return false;
        if (i == 0)
            keys_refresh(zap->keys);
        verdict = judge(zap, &question);
        if (verdict.user[0])
            zap->allowed++;
        else
            zap->refused++;
        answer(zap, &question, &verdict);
        free_question(&question);
    }
    return has_question(zap);
}

uint64_t zap_allowed_count(const struct zap *zap)
{
    return zap->allowed;
}

uint64_t zap_refused_count(const struct zap *zap)
{
    return zap->refused;
}
