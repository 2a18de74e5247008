#include "services/complaints/codec/codec_clock.h"

#include "kehu/complaints/v1/events.pb-c.h"
#include "services/complaints/codec/codec_read.h"

static const ProtobufCMessage *make_breached(const struct codec_clock_rung *rung,
                                             struct arena *arena)
{
    Kehu__Complaints__V1__ClockBreached *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__clock_breached__init(event);
    event->case_id = codec_read_print_id(&rung->case_id, arena);
    event->clock_id = codec_read_print_id(&rung->clock_id, arena);
    event->kind = (char *)clock_kind_name(rung->kind);
    event->due_at = codec_read_print_time(rung->due_us, arena);
    event->at = codec_read_print_time(rung->at_us, arena);
    event->priority = (Kehu__Complaints__V1__Priority)rung->priority;
    event->handler_id = codec_read_print_id(&rung->handler, arena);
    return arena_is_full(arena) ? NULL : &event->base;
}

static const ProtobufCMessage *make_warned(const struct codec_clock_rung *rung, struct arena *arena)
{
    Kehu__Complaints__V1__ClockWarned *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__clock_warned__init(event);
    event->case_id = codec_read_print_id(&rung->case_id, arena);
    event->clock_id = codec_read_print_id(&rung->clock_id, arena);
    event->kind = (char *)clock_kind_name(rung->kind);
    event->share_percent = rung->warn_percent;
    event->due_at = codec_read_print_time(rung->due_us, arena);
    event->at = codec_read_print_time(rung->at_us, arena);
    event->handler_id = codec_read_print_id(&rung->handler, arena);
    return arena_is_full(arena) ? NULL : &event->base;
}

const ProtobufCMessage *codec_make_clock_rung(const struct codec_clock_rung *rung,
                                              struct arena *arena)
{
    return rung->ring == CLOCK_BREACHES ? make_breached(rung, arena) : make_warned(rung, arena);
}

/* --- extensions --- */

const ProtobufCMessage *codec_make_extension_asked(const struct codec_extension *extension,
                                                   struct arena *arena)
{
    Kehu__Complaints__V1__ExtensionAsked *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__extension_asked__init(event);
    event->case_id = codec_read_print_id(&extension->case_id, arena);
    event->clock_id = codec_read_print_id(&extension->clock_id, arena);
    event->kind = (char *)clock_kind_name(extension->kind);
    event->due_at = codec_read_print_time(extension->due_us, arena);
    event->until = codec_read_print_time(extension->until_us, arena);
    event->by_id = codec_read_print_id(&extension->by, arena);
    return arena_is_full(arena) ? NULL : &event->base;
}

const ProtobufCMessage *codec_make_extension_decided(const struct codec_extension *extension,
                                                     struct arena *arena)
{
    Kehu__Complaints__V1__ExtensionDecided *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__extension_decided__init(event);
    event->case_id = codec_read_print_id(&extension->case_id, arena);
    event->clock_id = codec_read_print_id(&extension->clock_id, arena);
    event->kind = (char *)clock_kind_name(extension->kind);
    event->granted = extension->is_granted;
    event->due_at = codec_read_print_time(extension->due_us, arena);
    event->by_id = codec_read_print_id(&extension->by, arena);
    return arena_is_full(arena) ? NULL : &event->base;
}

/* --- conduct --- */

const ProtobufCMessage *codec_make_case_chased(const struct case_file *file, bool tells_manager,
                                               struct arena *arena)
{
    Kehu__Complaints__V1__CaseChased *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__case_chased__init(event);
    event->case_id = codec_read_print_id(&file->id, arena);
    event->count = file->chases;
    event->handler_id = codec_read_print_id(&file->handler, arena);
    event->tells_manager = tells_manager;
    return arena_is_full(arena) ? NULL : &event->base;
}

const ProtobufCMessage *codec_make_case_supervised(const struct case_file *file, bool is_on,
                                                   struct arena *arena)
{
    Kehu__Complaints__V1__CaseSupervised *event = arena_take(arena, sizeof(*event));

    if (!event)
        return NULL;
    kehu__complaints__v1__case_supervised__init(event);
    event->case_id = codec_read_print_id(&file->id, arena);
    event->on = is_on;
    return arena_is_full(arena) ? NULL : &event->base;
}
