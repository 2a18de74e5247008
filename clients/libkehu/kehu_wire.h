/*
 * The envelope on the wire: kehu.bus.v1.Request out, Reply in. The only file of the library that
 * sees generated code.
 */
#ifndef KEHU_WIRE_H
#define KEHU_WIRE_H

#include <zmq.h>

#include "kehu.h"

/* A reply that has been read; pointers hold until kehu_wire_free. */
struct kehu_wire_reply {
    struct kehu_answer answer; /* without what only the asker knows */
    int retry_after_ms;        /* 10 ms to 10 s; 100 ms when the service says nothing */
    void *message;
    struct kehu_violation *violations;
};

/* Packs the request into a new message. deadline_us 0: none. False: out of memory. */
bool kehu_wire_pack(const struct kehu_question *question, const char *id,
                    const char *default_source, int64_t deadline_us, zmq_msg_t *out);

/* False: these bytes are no Reply, or memory is out. */
bool kehu_wire_unpack(const uint8_t *bytes, size_t count, struct kehu_wire_reply *out);
void kehu_wire_free(struct kehu_wire_reply *reply);

#endif
