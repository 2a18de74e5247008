#include "services/complaints/codec/codec_value.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "services/complaints/domain/case_file.h"

/* Seconds of 0001-01-01 and of 10000-01-01, as google.protobuf.Timestamp bounds them. */
#define FIRST_SECOND INT64_C(-62135596800)
#define PAST_LAST_SECOND INT64_C(253402300800)

char *codec_value_text(struct text text, struct arena *arena)
{
    return arena_copy_text(arena, text.at, text.bytes);
}

bool codec_value_is_none(const struct id *id)
{
    static const struct id none;

    return memcmp(id, &none, sizeof(none)) == 0;
}

char *codec_value_id(const struct id *id, struct arena *arena)
{
    char *text = arena_take(arena, UUID_TEXT_BYTES);

    if (text && !codec_value_is_none(id))
        uuid_print(id, text);
    return text;
}

char *codec_value_day(int32_t day, struct arena *arena)
{
    char *text = arena_take(arena, DAY_TEXT_BYTES);

    if (text && day != CASE_NO_DAY)
        day_print(day, text);
    return text;
}

Google__Protobuf__Timestamp *codec_value_time(int64_t at_us, struct arena *arena)
{
    Google__Protobuf__Timestamp *time = at_us ? arena_take(arena, sizeof(*time)) : NULL;

    if (!time)
        return NULL;
    google__protobuf__timestamp__init(time);
    time->seconds = at_us / SECOND_US - (at_us % SECOND_US < 0);
    time->nanos = (int32_t)((at_us - time->seconds * SECOND_US) * 1000);
    return time;
}

bool codec_value_read_time(const Google__Protobuf__Timestamp *time, int64_t *out)
{
    if (!time) {
        *out = 0;
        return true;
    }
    if (time->seconds < FIRST_SECOND || time->seconds >= PAST_LAST_SECOND || time->nanos < 0 ||
        time->nanos > 999999999)
        return false;
    *out = time->seconds * SECOND_US + time->nanos / 1000;
    return true;
}
