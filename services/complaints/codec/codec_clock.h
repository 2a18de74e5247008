/* What the service says of clocks in its log. */
#ifndef KEHU_COMPLAINTS_CODEC_CLOCK_H
#define KEHU_COMPLAINTS_CODEC_CLOCK_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "services/complaints/domain/clock.h"

/* A clock that warned or broke, as it stood then. */
struct codec_clock_rung {
    struct id case_id, clock_id;
    struct id handler; /* zeroes: nobody handles the case */
    enum clock_ring ring;
    enum clock_kind kind;
    int64_t at_us; /* the moment of business, not when it was noticed */
    int64_t due_us;
    uint32_t warn_percent;
    enum priority priority;
};
/* ClockWarned or ClockBreached; NULL: no memory. */
const ProtobufCMessage *codec_make_clock_rung(const struct codec_clock_rung *rung,
                                              struct arena *arena);

#endif
