/* What the service says in its log of clocks and of conduct. All in the arena; NULL: it is full. */
#ifndef KEHU_COMPLAINTS_CODEC_CLOCK_H
#define KEHU_COMPLAINTS_CODEC_CLOCK_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "services/complaints/domain/case_file.h"
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
/* ClockWarned or ClockBreached. */
const ProtobufCMessage *codec_make_clock_rung(const struct codec_clock_rung *rung,
                                              struct arena *arena);

struct codec_extension {
    struct id case_id, clock_id;
    struct id by; /* who asked, or decided; zeroes: nobody of the staff */
    enum clock_kind kind;
    int64_t due_us;
    int64_t until_us; /* as asked */
    bool is_granted;  /* as decided */
};
const ProtobufCMessage *codec_make_extension_asked(const struct codec_extension *extension,
                                                   struct arena *arena);
const ProtobufCMessage *codec_make_extension_decided(const struct codec_extension *extension,
                                                     struct arena *arena);
const ProtobufCMessage *codec_make_case_chased(const struct case_file *file, bool tells_manager,
                                               struct arena *arena);
const ProtobufCMessage *codec_make_case_supervised(const struct case_file *file, bool is_on,
                                                   struct arena *arena);

#endif
