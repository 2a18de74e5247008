/* The checks that every field of an event goes through. */
#include "common/intake.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/currency.h"
#include "common/pure/day.h"
#include "common/pure/utf8.h"
#include "google/protobuf/timestamp.pb-c.h"

#define WHY_BYTES 512
#define LARGEST_SECONDS INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

struct text intake_cut(struct text text, size_t max_bytes)
{
    if (text.bytes <= max_bytes)
        return text;
    text.bytes = max_bytes;
    while (text.bytes > 0 && (text.at[text.bytes] & 0xc0) == 0x80)
        text.bytes--;
    return text;
}

bool intake_is_historic(int64_t at_us, int64_t received_us)
{
    return at_us < received_us - INTAKE_HISTORIC_AFTER_US;
}

bool intake_reject(struct intake_reader *reader, const char *field, const char *format, ...)
{
    char why[WHY_BYTES];
    va_list list;

    va_start(list, format);
    vsnprintf(why, sizeof(why), format, list);
    va_end(list);
    reader->item->is_rejected = true;
    reader->item->field = field ? field : "";
    reader->item->why = arena_copy_text(reader->arena, why, strlen(why));
    if (!reader->item->why)
        reader->item->why = ""; /* the arena is full: the whole request is refused */
    return false;
}

bool intake_check_length(struct intake_reader *reader, const char *field, const char *text,
                         size_t min, size_t max)
{
    size_t bytes = strlen(text);

    if (bytes >= min && bytes <= max)
        return true;

    size_t count = utf8_count((struct text){text, bytes});

    if (count < min)
        return intake_reject(reader, field, "is missing: it has %zu to %zu characters", min, max);
    if (count > max)
        return intake_reject(reader, field, "has %zu characters: it may have at most %zu", count,
                             max);
    return true;
}

static void print_day(int64_t at_us, char out[DAY_TEXT_BYTES])
{
    day_print((int32_t)(at_us / DAY_US), out);
}

bool intake_check_time(struct intake_reader *reader, const char *field,
                       const Google__Protobuf__Timestamp *time, int64_t *at_us)
{
    int64_t now_us = reader->limits->now_us;
    char day[DAY_TEXT_BYTES];
    char today[DAY_TEXT_BYTES];

    if (!time)
        return intake_reject(reader, field, "is missing: a timestamp is needed");
    if (time->nanos < 0 || time->nanos > 999999999)
        return intake_reject(reader, field,
                             "has %" PRId32 " nanos: they must be between 0 and 999,999,999",
                             time->nanos);
    if (time->seconds > LARGEST_SECONDS)
        return intake_reject(reader, field,
                             "has %" PRId64 " seconds: that is after the year 9999, seconds "
                             "since 1970 are expected",
                             time->seconds);
    if (time->seconds < 0 || (time->seconds == 0 && time->nanos < 1000))
        return intake_reject(reader, field,
                             "has %" PRId64 " seconds: it must be later than the begin of 1970",
                             time->seconds);

    int64_t moment_us = time->seconds * SECOND_US + time->nanos / 1000;

    if (moment_us > now_us + INTAKE_MAX_AHEAD_US) {
        print_day(moment_us, day);
        print_day(now_us, today);
        return intake_reject(
            reader, field, "is %s: it may be at most one day ahead of our clock (%s)", day, today);
    }
    *at_us = moment_us;
    return true;
}

bool intake_check_currency(struct intake_reader *reader, const char *field, const char *code,
                           char out[4])
{
    struct text shown = intake_cut((struct text){code, strlen(code)}, 16);

    if (shown.bytes == 0)
        return intake_reject(reader, field,
                             "is missing: give a code of ISO 4217 such as CNY or EUR");
    if (!currency_is_known(code))
        return intake_reject(reader, field,
                             "is \"%.*s\": only codes of ISO 4217 are known, such as CNY or EUR",
                             (int)shown.bytes, shown.at);
    memcpy(out, code, 4);
    return true;
}
