/*
 * A line: one DEALER to one numeric address, and what its monitor told about it. libzmq reconnects
 * by itself except after a refused handshake, so a line that stays down is opened afresh.
 */
#ifndef KEHU_ASKER_LINE_H
#define KEHU_ASKER_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "common/asker_key.h"

#define ASKER_LINE_ENDPOINT_CHARS 80

struct asker_line {
    char endpoint[ASKER_LINE_ENDPOINT_CHARS]; /* "tcp://10.0.0.7:7410" */
    void *dealer;                             /* NULL while closed */
    void *monitor;
    bool up;              /* the handshake succeeded and the connection stands */
    bool refused;         /* the last handshake ended with "unknown key" */
    bool lost;            /* went down since the owner last looked; the owner clears it */
    bool wanted;          /* still among the resolved addresses */
    uint64_t serial;      /* names the line in its owner's table, never used twice */
    void *watches[2];     /* of the sockets, where somebody watches them */
    int64_t reopen_at_ms; /* when to open afresh unless it is up by then */
};

/* Opens the sockets. At most send_queue messages wait inside libzmq. False: out of sockets or
 * memory. */
bool asker_line_open(struct asker_line *line, void *context, const struct asker_key *key,
                     int send_queue, int64_t now_ms);
void asker_line_close(struct asker_line *line);

/* Reads what the monitor reports and updates up, refused, lost. True when something changed. */
bool asker_line_watch(struct asker_line *line, int64_t now_ms);

/* Sends a share of the message (its bytes are not copied). False: not now. */
bool asker_line_send(struct asker_line *line, zmq_msg_t *message);
/* Receives one answer into an initialised message. False: there is none. */
bool asker_line_receive(struct asker_line *line, zmq_msg_t *message);

#endif
