/*
 * The envelope on the wire: kehu.bus.v1.Request out, Reply in. The only file of the asker that
 * sees generated code.
 */
#ifndef KEHU_ASKER_WIRE_H
#define KEHU_ASKER_WIRE_H

#include <zmq.h>

#include "common/asker.h"

/* A reply that has been read; pointers hold until asker_wire_free. */
struct asker_wire_reply {
    struct asker_answer answer; /* without what only the asker knows */
    int retry_after_ms;         /* 10 ms to 10 s; 100 ms when the service says nothing */
    void *message;
    struct asker_violation *violations;
};

/* Packs the request into a new message. deadline_us 0: none. False: out of memory. */
bool asker_wire_pack(const struct asker_question *question, const char *id,
                     const char *default_source, int64_t deadline_us, zmq_msg_t *out);

/* False: these bytes are no Reply, or memory is out. */
bool asker_wire_unpack(const uint8_t *bytes, size_t count, struct asker_wire_reply *out);
void asker_wire_free(struct asker_wire_reply *reply);

#endif
