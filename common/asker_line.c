/* One DEALER with its monitor; see asker_line.h. */
#include "common/asker_line.h"

#include <stdio.h>
#include <string.h>

#define HEARTBEAT_MS 1000
#define HEARTBEAT_TIMEOUT_MS 3000
#define HANDSHAKE_MS 5000
#define RECONNECT_MS 100
#define RECONNECT_MAX_MS 2000
#define LARGEST_ANSWER_BYTES (64 * 1024 * 1024)
#define REOPEN_MS 15000
#define REOPEN_REFUSED_MS 1000 /* the key may have been allowed meanwhile */

#define WATCHED                                                                                    \
    (ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |                             \
     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |                  \
     ZMQ_EVENT_DISCONNECTED)

static bool set(void *dealer, int option, int value)
{
    return zmq_setsockopt(dealer, option, &value, sizeof(value)) == 0;
}

static bool set_up_dealer(void *dealer, const struct asker_key *key, int send_queue)
{
    int64_t largest = LARGEST_ANSWER_BYTES;

    return set(dealer, ZMQ_LINGER, 0) && set(dealer, ZMQ_IMMEDIATE, 1) &&
           set(dealer, ZMQ_SNDHWM, send_queue) && set(dealer, ZMQ_IPV6, 1) &&
           set(dealer, ZMQ_RECONNECT_IVL, RECONNECT_MS) &&
           set(dealer, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS) &&
           set(dealer, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
           set(dealer, ZMQ_CONNECT_TIMEOUT, HANDSHAKE_MS) &&
           set(dealer, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set(dealer, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) &&
           zmq_setsockopt(dealer, ZMQ_MAXMSGSIZE, &largest, sizeof(largest)) == 0 &&
           zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, key->server_z85, ASKER_KEY_CHARS + 1) == 0 &&
           zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, key->public_z85, ASKER_KEY_CHARS + 1) == 0 &&
           zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, key->secret_z85, ASKER_KEY_CHARS + 1) == 0;
}

bool asker_line_open(struct asker_line *line, void *context, const struct asker_key *key,
                     int send_queue, int64_t now_ms)
{
    char place[64];

    line->reopen_at_ms = now_ms + REOPEN_MS;
    line->dealer = zmq_socket(context, ZMQ_DEALER);
    if (!line->dealer)
        return false;
    snprintf(place, sizeof(place), "inproc://asker-line-%p", line->dealer);
    /* The monitor comes before the connect, or the first events are missed. */
    if (!set_up_dealer(line->dealer, key, send_queue) ||
        zmq_socket_monitor(line->dealer, place, WATCHED) != 0)
        goto failed;
    line->monitor = zmq_socket(context, ZMQ_PAIR);
    if (!line->monitor || !set(line->monitor, ZMQ_LINGER, 0) ||
        zmq_connect(line->monitor, place) != 0 || zmq_connect(line->dealer, line->endpoint) != 0)
        goto failed;
    return true;
failed:
    asker_line_close(line);
    return false;
}

void asker_line_close(struct asker_line *line)
{
    if (line->dealer) {
        zmq_socket_monitor(line->dealer, NULL, 0);
        zmq_close(line->dealer);
    }
    if (line->monitor)
        zmq_close(line->monitor);
    line->dealer = line->monitor = NULL;
    if (line->up)
        line->lost = true;
    line->up = false;
}

static void apply_event(struct asker_line *line, uint16_t event, int64_t now_ms)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        line->up = true;
        line->refused = false;
        return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        line->refused = true;
        line->reopen_at_ms = now_ms + REOPEN_REFUSED_MS;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        line->reopen_at_ms = now_ms + REOPEN_REFUSED_MS;
        break;
    default:
        if (line->up)
            line->reopen_at_ms = now_ms + REOPEN_MS;
        break;
    }
    if (line->up)
        line->lost = true;
    line->up = false;
}

bool asker_line_watch(struct asker_line *line, int64_t now_ms)
{
    bool changed = false;
    zmq_msg_t frame;

    while (line->monitor) {
        uint16_t event;

        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, line->monitor, ZMQ_DONTWAIT) < 0)
            break;
        bool is_event = zmq_msg_size(&frame) >= sizeof(event);

        if (is_event)
            memcpy(&event, zmq_msg_data(&frame), sizeof(event));
        bool more = zmq_msg_more(&frame) != 0;

        zmq_msg_close(&frame);
        if (more) { /* the second frame repeats the address */
            zmq_msg_init(&frame);
            zmq_msg_recv(&frame, line->monitor, 0);
            zmq_msg_close(&frame);
        }
        if (is_event) {
            apply_event(line, event, now_ms);
            changed = true;
        }
    }
    return changed;
}

bool asker_line_send(struct asker_line *line, zmq_msg_t *message)
{
    zmq_msg_t share;

    if (!line->up)
        return false;
    zmq_msg_init(&share);
    if (zmq_msg_copy(&share, message) == 0 && zmq_msg_send(&share, line->dealer, ZMQ_DONTWAIT) >= 0)
        return true;
    zmq_msg_close(&share);
    return false;
}

bool asker_line_receive(struct asker_line *line, zmq_msg_t *message)
{
    if (!line->dealer || zmq_msg_recv(message, line->dealer, ZMQ_DONTWAIT) < 0)
        return false;
    /* An answer is one frame; of anything longer only the last counts, and it will not decode. */
    while (zmq_msg_more(message))
        if (zmq_msg_recv(message, line->dealer, ZMQ_DONTWAIT) < 0)
            return false;
    return true;
}
