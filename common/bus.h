/*
 * The ZeroMQ ROUTER of a service. CURVE is on, and ZAP is bound before the ROUTER, so that only
 * known keys get in; the ROUTER's own thread serves ZAP. Messages come with the name of their
 * key. Answers that a slow peer cannot take wait in a bounded queue per peer; what does not fit
 * is dropped and counted: the client asks again.
 *
 * Only identities that libzmq made are served: a client that sets ZMQ_ROUTING_ID could wait for
 * the answers of another key's client of the same identity. Its messages are dropped and counted
 * as bad frames, like those that are not exactly one frame (a REQ socket's are two).
 */
#ifndef KEHU_BUS_H
#define KEHU_BUS_H

#include "common/base.h"
#include "common/keys.h"
#include "common/loop.h"
#include "common/status.h"

struct bus;

/* Where an answer goes; a copy may be kept across turns. */
struct bus_route {
    uint8_t bytes[32];
    uint8_t length;
};

/* One message; `body` is borrowed for the call. */
struct bus_message {
    struct bus_route route;
    const struct key *key; /* never NULL: others were answered or dropped by the bus */
    const uint8_t *body;
    size_t body_bytes;
};

typedef void (*bus_receive)(void *owner, const struct bus_message *message);
/* A message whose key was revoked or replaced since it connected: the owner answers
 * UNAUTHENTICATED. */
typedef void (*bus_refuse)(void *owner, const struct bus_route *route, const uint8_t *body,
                           size_t body_bytes);

struct bus_options {
    const char *endpoint;     /* "tcp://127.0.0.1:7401" or "tcp://[::]:7401" */
    const char *secret_z85;   /* the server's CURVE secret key, 40 characters */
    size_t max_message_bytes; /* larger ones close the connection (ZMQ_MAXMSGSIZE) */
    int queue_messages;       /* high-water mark per peer, each way */
    size_t waiting_answers;   /* of all peers together, in the bus's own queue */
    size_t waiting_bytes;
};

struct bus_counters {
    uint64_t received, sent, dropped_unknown_peer, dropped_full, refused_handshakes,
        refused_revoked, bad_frames;
    uint64_t waiting_answers, waiting_bytes;
};

/*
 * Binds ZAP, then the ROUTER, and raises the process's soft limit of open files to the hard one.
 * INVALID_ARGUMENT (bad key, bad endpoint) or UNAVAILABLE (address taken): `why` says precisely.
 * `keys` must outlive the bus, which refreshes them.
 */
enum status bus_new(struct loop *loop, struct keys *keys, const struct bus_options *options,
                    bus_receive receive, bus_refuse refuse, void *owner, struct bus **out,
                    char *why, size_t why_bytes) MUST_USE;
/* The endpoint in force: the port where "tcp://127.0.0.1:*" asked for any. Holds until bus_free. */
const char *bus_endpoint(const struct bus *bus);

/*
 * Sends what the peers take and closes the sockets with a linger of 1 s. Handles close on the
 * loop; call before it stops.
 */
void bus_close(struct bus *bus);
/*
 * Call after loop_run returned, before or after loop_free; what the linger still holds up may take
 * 1 s. Closes first if that was not done, and then must stand before loop_free.
 */
void bus_free(struct bus *bus);

/*
 * Station of the turn: answers ZAP, reads at most 256 messages or 4 MiB and hands each to
 * `receive`. The key of a message holds for that call only: key_copy keeps it.
 */
void bus_read(void *bus);
/* Station of the turn, after all answers: sends what waits, and looks at ZMQ_EVENTS again. */
void bus_write(void *bus);

/* Takes the answer over into the queue; it leaves in bus_write of this turn. */
void bus_answer(struct bus *bus, const struct bus_route *route, const uint8_t *bytes, size_t count);

/* While paused no new requests are read (drain before stop); answers go on. */
void bus_pause(struct bus *bus);
const struct bus_counters *bus_counters(const struct bus *bus);

#endif
