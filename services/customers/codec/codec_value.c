#include "services/customers/codec/codec_value.h"

#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "services/customers/domain/customer.h"

char *codec_value_text(struct text text, struct arena *arena)
{
    return arena_copy_text(arena, text.at, text.bytes);
}

char *codec_value_id(const struct id *id, struct arena *arena)
{
    char *text = arena_take(arena, UUID_TEXT_BYTES);

    if (text)
        uuid_print(id, text);
    return text;
}

char *codec_value_number(int64_t number, struct arena *arena)
{
    char *text = arena_take(arena, CUSTOMER_REF_NUMBER_BYTES);

    if (text)
        customer_ref_print_number(number, text);
    return text;
}

char *codec_value_day(int32_t day, struct arena *arena)
{
    char *text = arena_take(arena, DAY_TEXT_BYTES);

    if (text)
        day_print(day, text);
    return text;
}

Google__Protobuf__Timestamp *codec_value_time(int64_t at_us, struct arena *arena)
{
    Google__Protobuf__Timestamp *time = arena_take(arena, sizeof(*time));

    if (!time)
        return NULL;
    google__protobuf__timestamp__init(time);
    time->seconds = at_us / SECOND_US - (at_us % SECOND_US < 0);
    time->nanos = (int32_t)((at_us - time->seconds * SECOND_US) * 1000);
    return time;
}

Google__Protobuf__Timestamp *codec_value_time_or_absent(int64_t at_us, struct arena *arena)
{
    return at_us ? codec_value_time(at_us, arena) : NULL;
}
