/*
 * Queues per peer, made with the first answer and freed with the last. The room is shared; its
 * bound holds after every call.
 */
#include "common/bus_queue.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>
#include <zmq.h>

/* One slow peer may use this part of the room, so that the next one still finds some. */
#define PEER_SHARE 4

struct answer {
    struct answer *prev, *next;
    zmq_msg_t body;
    size_t bytes;
};

struct peer {
    struct bus_route route;
    struct answer *answers;
    size_t count, bytes;
    bool is_stalled; /* its pipe refused the first answer */
    UT_hash_handle hh;
};

struct bus_queue {
    void *socket;
    size_t answers_max, bytes_max;
    struct peer *peers;
    struct bus_counters *counters;
};

struct bus_queue *bus_queue_new(void *socket, size_t answers, size_t bytes,
                                struct bus_counters *counters)
{
    struct bus_queue *queue = calloc(1, sizeof(*queue));

    if (!queue)
        return NULL;
    queue->socket = socket;
    queue->answers_max = answers;
    queue->bytes_max = bytes;
    queue->counters = counters;
    return queue;
}

static void remove_answer(struct bus_queue *queue, struct peer *peer, struct answer *answer)
{
    DL_DELETE(peer->answers, answer);
    peer->count--;
    peer->bytes -= answer->bytes;
    queue->counters->waiting_answers--;
    queue->counters->waiting_bytes -= answer->bytes;
    zmq_msg_close(&answer->body); /* after a send it is empty, and closing it harmless */
    free(answer);
}

static void remove_peer(struct bus_queue *queue, struct peer *peer)
{
    while (peer->answers)
        remove_answer(queue, peer, peer->answers);
    HASH_DEL(queue->peers, peer);
    free(peer);
}

void bus_queue_free(struct bus_queue *queue)
{
    struct peer *peer, *next;

    if (!queue)
        return;
    HASH_ITER(hh, queue->peers, peer, next)
    {
        remove_peer(queue, peer);
    }
    free(queue);
}

/* 0, or the error: EAGAIN of a slow peer, EHOSTUNREACH of one that is gone. */
static int send_answer(struct bus_queue *queue, const struct peer *peer, struct answer *answer)
{
    /* Under MANDATORY the identity is what fails; the body that follows is then always taken. */
    if (zmq_send(queue->socket, peer->route.bytes, peer->route.length, ZMQ_SNDMORE | ZMQ_DONTWAIT) <
        0)
        return zmq_errno();
    if (zmq_msg_send(&answer->body, queue->socket, ZMQ_DONTWAIT) < 0)
        return zmq_errno();
    return 0;
}

/* Sends until the peer takes no more; the peer is freed when nothing is left to send. */
static void flush_peer(struct bus_queue *queue, struct peer *peer)
{
    while (peer->answers) {
        int error = send_answer(queue, peer, peer->answers);

        if (error == EINTR)
            continue;
        if (error == EAGAIN) {
            peer->is_stalled = true;
            return;
        }
        if (error) { /* gone: nobody waits for any of these */
            queue->counters->dropped_unknown_peer += peer->count;
            break;
        }
        queue->counters->sent++;
        remove_answer(queue, peer, peer->answers);
    }
    remove_peer(queue, peer);
}

static bool is_over(const struct bus_queue *queue, const struct peer *peer)
{
    return queue->counters->waiting_answers > queue->answers_max ||
           queue->counters->waiting_bytes > queue->bytes_max ||
           peer->count > queue->answers_max / PEER_SHARE ||
           peer->bytes > queue->bytes_max / PEER_SHARE;
}

/* The newest go first: the oldest are the ones their asker still waits for. */
static void trim_peer(struct bus_queue *queue, struct peer *peer)
{
    while (peer->answers && is_over(queue, peer)) {
        remove_answer(queue, peer, peer->answers->prev);
        queue->counters->dropped_full++;
    }
    if (!peer->answers)
        remove_peer(queue, peer);
}

bool bus_queue_flush(struct bus_queue *queue)
{
    struct peer *peer, *next;

    HASH_ITER(hh, queue->peers, peer, next)
    {
        flush_peer(queue, peer);
    }
    /* Whoever is left is slow. Only now does the sum hold nothing that others would have taken. */
    HASH_ITER(hh, queue->peers, peer, next)
    {
        trim_peer(queue, peer);
    }
    return queue->peers != NULL;
}

static struct peer *take_peer(struct bus_queue *queue, const struct bus_route *route)
{
    struct peer *peer;

    HASH_FIND(hh, queue->peers, route->bytes, route->length, peer);
    if (peer)
        return peer;
    peer = calloc(1, sizeof(*peer));
    if (!peer)
        return NULL;
    peer->route = *route;
    HASH_ADD(hh, queue->peers, route.bytes, route->length, peer);
    return peer;
}

static struct answer *new_answer(const uint8_t *bytes, size_t count)
{
    struct answer *answer = calloc(1, sizeof(*answer));

    if (!answer || zmq_msg_init_size(&answer->body, count) != 0) {
        free(answer);
        return NULL;
    }
    if (count)
        memcpy(zmq_msg_data(&answer->body), bytes, count);
    answer->bytes = count;
    return answer;
}

void bus_queue_add(struct bus_queue *queue, const struct bus_route *route, const uint8_t *bytes,
                   size_t count)
{
    struct answer *answer = new_answer(bytes, count);
    struct peer *peer = answer ? take_peer(queue, route) : NULL;

    if (!peer) {
        if (answer)
            zmq_msg_close(&answer->body);
        free(answer);
        queue->counters->dropped_full++;
        return;
    }
    DL_APPEND(peer->answers, answer);
    peer->count++;
    peer->bytes += count;
    queue->counters->waiting_answers++;
    queue->counters->waiting_bytes += count;
    if (!is_over(queue, peer))
        return;
    /* Only what slow peers left counts against the room, so everybody else's answers go first. */
    if (peer->is_stalled)
        trim_peer(queue, peer);
    else
        bus_queue_flush(queue);
}
