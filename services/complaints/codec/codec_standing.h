/*
 * How the cases of a customer stand, as the log tells it.
 */
#ifndef KEHU_COMPLAINTS_CODEC_STANDING_H
#define KEHU_COMPLAINTS_CODEC_STANDING_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "services/complaints/domain/repeat.h"

struct codec_standing {
    struct id customer;
    struct repeat_standing standing;
    int64_t last_us;           /* submission of the latest case; 0: none */
    const struct id *handlers; /* of the open cases, each once, in order */
    size_t handler_count;
};
/* CustomerCasesChanged; NULL: the arena is full. Equal standings have equal bytes. */
const ProtobufCMessage *codec_customer_cases_changed(const struct codec_standing *told,
                                                     struct arena *arena);

#endif
