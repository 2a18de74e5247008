/*
 * The text forms inside ProtoJSON: times, durations, base64 and field names.
 */
#include "common/json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"

#define DAY_SECONDS 86400
#define FIRST_SECOND INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */
#define DURATION_MAX INT64_C(315576000000) /* of google.protobuf.Duration */
#define NANOS_MAX 999999999

/* ".125", ".000125", … or nothing. */
static void print_fraction(int32_t nanos, char *out, size_t out_bytes)
{
    if (nanos == 0)
        out[0] = '\0';
    else if (nanos % 1000000 == 0)
        snprintf(out, out_bytes, ".%03" PRId32, nanos / 1000000);
    else if (nanos % 1000 == 0)
        snprintf(out, out_bytes, ".%06" PRId32, nanos / 1000);
    else
        snprintf(out, out_bytes, ".%09" PRId32, nanos);
}

/* Reads an optional ".d{1,9}" and moves past it. */
static bool read_fraction(const char **text, int32_t *nanos)
{
    int32_t value = 0;
    int digits = 0;

    *nanos = 0;
    if (**text != '.')
        return true;
    for (++*text; **text >= '0' && **text <= '9'; ++*text) {
        if (++digits > 9)
            return false;
        value = value * 10 + (**text - '0');
    }
    if (digits == 0)
        return false;
    for (; digits < 9; digits++)
        value *= 10;
    *nanos = value;
    return true;
}

/* Reads exactly `digits` digits followed by `after` (unless 0), and moves past them. */
static bool read_number(const char **text, int digits, char after, int *out)
{
    int value = 0;

    for (int i = 0; i < digits; i++, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (**text - '0');
    }
    if (after && *(*text)++ != after)
        return false;
    *out = value;
    return true;
}

bool json_text_print_time(int64_t seconds, int32_t nanos, char out[JSON_TEXT_BYTES])
{
    char fraction[16], date[DAY_TEXT_BYTES];

    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > NANOS_MAX)
        return false;

    int32_t second = (int32_t)((seconds % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS);

    day_print((int32_t)((seconds - second) / DAY_SECONDS), date);
    print_fraction(nanos, fraction, sizeof(fraction));
    snprintf(out, JSON_TEXT_BYTES, "%sT%02d:%02d:%02d%sZ", date, second / 3600, second / 60 % 60,
             second % 60, fraction);
    return true;
}

/* "Z" or "+08:00" and nothing after it. */
static bool read_offset(const char *text, int64_t *offset)
{
    int hours, minutes;
    char sign = *text++;

    *offset = 0;
    if (sign == 'Z')
        return *text == '\0';
    if (sign != '+' && sign != '-')
        return false;
    if (!read_number(&text, 2, ':', &hours) || !read_number(&text, 2, 0, &minutes) || *text ||
        hours > 23 || minutes > 59)
        return false;
    *offset = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
    return true;
}

bool json_text_read_time(const char *text, int64_t *seconds, int32_t *nanos)
{
    int hour, minute, second;
    int32_t day, fraction;
    int64_t offset;

    if (strnlen(text, 10) < 10 || !day_parse(text, 10, &day) || text[10] != 'T')
        return false;
    text += 11;
    if (!read_number(&text, 2, ':', &hour) || !read_number(&text, 2, ':', &minute) ||
        !read_number(&text, 2, 0, &second) || !read_fraction(&text, &fraction) ||
        !read_offset(text, &offset) || hour > 23 || minute > 59 || second > 59)
        return false;

    int64_t value = (int64_t)day * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset;

    if (value < FIRST_SECOND || value > LAST_SECOND)
        return false;
    *seconds = value;
    *nanos = fraction;
    return true;
}

bool json_text_print_duration(int64_t seconds, int32_t nanos, char out[JSON_TEXT_BYTES])
{
    char fraction[16];
    bool negative = seconds < 0 || nanos < 0;

    if (seconds > DURATION_MAX || seconds < -DURATION_MAX || nanos > NANOS_MAX ||
        nanos < -NANOS_MAX || (negative && (seconds > 0 || nanos > 0)))
        return false;
    print_fraction(negative ? -nanos : nanos, fraction, sizeof(fraction));
    snprintf(out, JSON_TEXT_BYTES, "%s%" PRId64 "%ss", negative ? "-" : "",
             negative ? -seconds : seconds, fraction);
    return true;
}

bool json_text_read_duration(const char *text, int64_t *seconds, int32_t *nanos)
{
    bool negative = *text == '-';
    int64_t value = 0;
    int32_t fraction;
    int digits = 0;

    if (negative)
        text++;
    for (; *text >= '0' && *text <= '9' && digits < 13; text++, digits++)
        value = value * 10 + (*text - '0');
    if (digits == 0 || !read_fraction(&text, &fraction) || strcmp(text, "s") != 0 ||
        value > DURATION_MAX)
        return false;
    *seconds = negative ? -value : value;
    *nanos = negative ? -fraction : fraction;
    return true;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *json_text_print_base64(const uint8_t *bytes, size_t count)
{
    char *text = malloc((count + 2) / 3 * 4 + 1);
    char *to = text;

    if (!text)
        return NULL;
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i;
        uint32_t group = (uint32_t)bytes[i] << 16;

        if (left > 1)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (left > 2)
            group |= bytes[i + 2];
        *to++ = alphabet[group >> 18];
        *to++ = alphabet[group >> 12 & 63];
        *to++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
        *to++ = left > 2 ? alphabet[group & 63] : '=';
    }
    *to = '\0';
    return text;
}

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool json_text_read_base64(const char *text, size_t length, uint8_t *out, size_t *count)
{
    uint32_t bits = 0;
    size_t made = 0;
    unsigned held = 0;

    if (length % 4 == 0 && length > 0)
        for (int i = 0; i < 2 && text[length - 1] == '='; i++)
            length--;
    if (length % 4 == 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        int digit = digit_of(text[i]);

        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[made++] = (uint8_t)(bits >> held);
        }
    }
    *count = made;
    return true;
}

void json_text_print_name(const char *name, char *out, size_t out_bytes)
{
    size_t used = 0;
    bool upper = false;

    for (; *name && used + 1 < out_bytes; name++) {
        if (*name == '_') {
            upper = true;
            continue;
        }
        out[used++] = upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
        upper = false;
    }
    out[used] = '\0';
}
