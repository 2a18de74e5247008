#include "services/complaints/codec/codec_clock.h"

#include "kehu/complaints/v1/events.pb-c.h"
#include "services/complaints/codec/codec_value.h"

static const ProtobufCMessage *make_breached(const struct codec_clock_rung *rung,
                                             struct arena *arena)
{
    Kehu__Complaints__V1__ClockBreached *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__clock_breached__init(event);
    event->case_id = codec_value_id(&rung->case_id, arena);
    event->clock_id = codec_value_id(&rung->clock_id, arena);
    event->kind = (char *)clock_kind_name(rung->kind);
    event->due_at = codec_value_time(rung->due_us, arena);
    event->at = codec_value_time(rung->at_us, arena);
    event->priority = (Kehu__Complaints__V1__Priority)rung->priority;
    event->handler_id = codec_value_id(&rung->handler, arena);
    return arena_is_full(arena) ? NULL : &event->base;
}

static const ProtobufCMessage *make_warned(const struct codec_clock_rung *rung, struct arena *arena)
{
    Kehu__Complaints__V1__ClockWarned *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__clock_warned__init(event);
    event->case_id = codec_value_id(&rung->case_id, arena);
    event->clock_id = codec_value_id(&rung->clock_id, arena);
    event->kind = (char *)clock_kind_name(rung->kind);
    event->share_percent = rung->warn_percent;
    event->due_at = codec_value_time(rung->due_us, arena);
    event->at = codec_value_time(rung->at_us, arena);
    event->handler_id = codec_value_id(&rung->handler, arena);
    return arena_is_full(arena) ? NULL : &event->base;
}

const ProtobufCMessage *codec_make_clock_rung(const struct codec_clock_rung *rung,
                                              struct arena *arena)
{
    return rung->ring == CLOCK_BREACHES ? make_breached(rung, arena) : make_warned(rung, arena);
}
