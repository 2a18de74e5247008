#include "services/complaints/codec/codec_read.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"

#define WHY_BYTES 400

enum status codec_read_open(struct codec_read *read, struct arena *arena,
                            const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                            size_t bytes, struct codec_faults *faults, ProtobufCMessage **message)
{
    char field[200] = "", why[300] = "";
    enum status status = validate_unpack_lines(descriptor, arena_allocator(arena), payload, bytes,
                                               message, field, sizeof(field), why, sizeof(why));

    *read = (struct codec_read){arena, faults, ""};
    if (status == INVALID_ARGUMENT)
        codec_read_fault(read, arena_print(arena, "%s", field), "%s", why);
    return status;
}

enum status codec_read_end(const struct codec_read *read)
{
    if (arena_is_full(read->arena))
        return RESOURCE_EXHAUSTED;
    return read->faults->count > 0 ? INVALID_ARGUMENT : OK;
}

void codec_read_fault(struct codec_read *read, const char *field, const char *format, ...)
{
    struct codec_faults *faults = read->faults;
    char why[WHY_BYTES];
    va_list values;

    va_start(values, format);
    vsnprintf(why, sizeof(why), format, values);
    va_end(values);
    if (faults->count == CODEC_READ_FAULTS)
        return;
    faults->list[faults->count].field = arena_print(read->arena, "%s%s", read->under, field);
    faults->list[faults->count].why = arena_print(read->arena, "%s", why);
    if (!arena_is_full(read->arena))
        faults->count++;
}

struct text codec_read_text(struct codec_read *read, const char *field, const char *value,
                            size_t max, bool is_needed)
{
    struct text text = utf8_trim((struct text){value, strlen(value)});
    size_t count = utf8_count(text);

    if (count > max)
        codec_read_fault(read, field, "has %zu characters: it may have at most %zu", count, max);
    else if (count == 0 && is_needed)
        codec_read_fault(read, field, "is missing: it has 1 to %zu characters", max);
    return text;
}

struct text codec_read_line(struct codec_read *read, const char *field, const char *value,
                            size_t max, bool is_needed)
{
    struct text line = codec_read_text(read, field, value, max, is_needed);

    if (line.bytes > 0 && !validate_text(line.at, line.bytes))
        codec_read_fault(read, field, "must be one line, without tabs");
    return line;
}

int64_t codec_read_time(struct codec_read *read, const char *field,
                        const Google__Protobuf__Timestamp *time, int64_t standard_us,
                        int64_t latest_us)
{
    int64_t at_us;

    if (!time)
        return standard_us;
    if (time->seconds < 0 || time->seconds > INT64_C(253402300799) || time->nanos < 0 ||
        time->nanos > 999999999) {
        codec_read_fault(read, field, "must be a moment of the years 1970 to 9999");
        return standard_us;
    }
    at_us = time->seconds * SECOND_US + time->nanos / 1000;
    if (at_us > latest_us)
        codec_read_fault(read, field, "lies in the future: give when it was, or leave it out");
    return at_us;
}

int32_t codec_read_day(struct codec_read *read, const char *field, const char *value,
                       int32_t standard, int32_t latest)
{
    int32_t day = standard;

    if (value[0] == '\0')
        return standard;
    if (!day_parse(value, strlen(value), &day))
        codec_read_fault(read, field, "must be a day as YYYY-MM-DD");
    else if (day > latest)
        codec_read_fault(read, field, "must be a day up to today as YYYY-MM-DD");
    return day;
}

bool codec_read_id(struct codec_read *read, const char *field, const char *value, bool is_needed,
                   struct id *out)
{
    if (value[0] == '\0') {
        if (is_needed)
            codec_read_fault(read, field, "is missing: give the id (a UUID)");
        return false;
    }
    if (uuid_parse(value, strlen(value), out))
        return true;
    codec_read_fault(read, field, "must be an id (a UUID), as answers and lists give it");
    return false;
}

int codec_read_word(struct codec_read *read, const char *field, const char *value,
                    const char *const *words, const char *all, int standard)
{
    if (value[0] == '\0' && standard >= 0)
        return standard;
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    codec_read_fault(read, field, "must be %s", all);
    return 0;
}

uint32_t codec_read_page(struct codec_read *read, uint32_t page_size)
{
    if (page_size > CODEC_READ_MAX_PAGE)
        codec_read_fault(read, "page_size", "must be from 1 to %d, or 0 for %d",
                         CODEC_READ_MAX_PAGE, CODEC_READ_PAGE);
    return page_size ? page_size : CODEC_READ_PAGE;
}

bool codec_read_token(struct codec_read *read, const char *token, int list, int64_t *place,
                      struct id *after)
{
    return codec_read_field_token(read, "page_token", token, list, place, after);
}

bool codec_read_field_token(struct codec_read *read, const char *field, const char *token, int list,
                            int64_t *place, struct id *after)
{
    char *end = NULL;

    if (token[0] == '\0')
        return false;
    if (token[0] == list)
        *place = strtoll(token + 1, &end, 10);
    if (end && *end == '.' && uuid_parse(end + 1, strlen(end + 1), after))
        return true;
    codec_read_fault(read, field, "is none of this list: give next_%s of the page before", field);
    return false;
}

char *codec_read_print_text(struct text text, struct arena *arena)
{
    return arena_copy_text(arena, text.at, text.bytes);
}

char *codec_read_print_id(const struct id *id, struct arena *arena)
{
    char *text;

    if (uuid_is_none(id))
        return "";
    text = arena_take(arena, UUID_TEXT_BYTES);
    if (text)
        uuid_print(id, text);
    return text;
}

char *codec_read_print_day(int32_t day, struct arena *arena)
{
    char *text;

    if (day == CODEC_READ_NO_DAY)
        return "";
    text = arena_take(arena, DAY_TEXT_BYTES);
    if (text)
        day_print(day, text);
    return text;
}

char *codec_read_print_token(int list, int64_t place, const struct id *after, struct arena *arena)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(after, id);
    return arena_print(arena, "%c%" PRId64 ".%s", list, place, id);
}

Google__Protobuf__Timestamp *codec_read_print_time(int64_t at_us, struct arena *arena)
{
    Google__Protobuf__Timestamp *time;

    if (at_us == 0)
        return NULL;
    time = arena_take(arena, sizeof(*time));
    if (!time)
        return NULL;
    google__protobuf__timestamp__init(time);
    time->seconds = at_us / SECOND_US - (at_us % SECOND_US < 0);
    time->nanos = (int32_t)((at_us - time->seconds * SECOND_US) * 1000);
    return time;
}
