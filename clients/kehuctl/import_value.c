/*
 * Values in, values out.
 */
#include "clients/kehuctl/import_value.h"

#include "common/pure/day.h"

#include <string.h>

struct text import_value_trim(struct text text)
{
    while (text.bytes > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.bytes--;
    }
    while (text.bytes > 0 && (text.at[text.bytes - 1] == ' ' || text.at[text.bytes - 1] == '\t'))
        text.bytes--;
    return text;
}

size_t import_value_characters(struct text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.bytes; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}

/* The length of the control character at i; 0 when there is another one. */
static size_t control_bytes(const char *at, size_t bytes, size_t i)
{
    unsigned char c = (unsigned char)at[i];

    if (c < 0x20 || c == 0x7F)
        return 1;
    if (c == 0xC2 && i + 1 < bytes && (unsigned char)at[i + 1] < 0xA0)
        return 2;
    return 0;
}

bool import_value_has_control(struct text text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        if (control_bytes(text.at, text.bytes, i) > 0)
            return true;
    }
    return false;
}

void import_value_clean(char *at, size_t *bytes)
{
    size_t to = 0;

    for (size_t i = 0; i < *bytes;) {
        size_t control = control_bytes(at, *bytes, i);

        if (control == 0) {
            at[to++] = at[i++];
            continue;
        }
        if (at[i] == '\r' && i + 1 < *bytes && at[i + 1] == '\n')
            control = 2;
        at[to++] = ' ';
        i += control;
    }
    *bytes = to;
}

/* Two digits below `limit`. */
static bool read_pair(const char *at, int limit, int8_t *out)
{
    int value;

    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return false;
    value = (at[0] - '0') * 10 + (at[1] - '0');
    if (value >= limit)
        return false;
    *out = (int8_t)value;
    return true;
}

/* "07:45" or "07:45:00". */
static bool read_time_of_day(struct text text, struct civil *local)
{
    if (text.bytes != 5 && text.bytes != 8)
        return false;
    if (!read_pair(text.at, 24, &local->hour) || text.at[2] != ':' ||
        !read_pair(text.at + 3, 60, &local->minute))
        return false;
    return text.bytes == 5 || (text.at[5] == ':' && read_pair(text.at + 6, 60, &local->second));
}

bool import_value_moment(struct text text, const struct zone *zone, int64_t *at_us)
{
    struct civil local = {0};
    struct day_date date;
    int32_t day;

    if (text.bytes < 10 || !day_parse(text.at, 10, &day))
        return false;
    if (text.bytes > 10) {
        if (text.at[10] != ' ' && text.at[10] != 'T')
            return false;
        if (!read_time_of_day((struct text){text.at + 11, text.bytes - 11}, &local))
            return false;
    }
    date = day_split(day);
    local.year = date.year;
    local.month = (int8_t)date.month;
    local.day = (int8_t)date.day;
    *at_us = zone_moment(zone, &local);
    return true;
}

struct text import_value_code(struct text text)
{
    size_t digits = 0;

    while (digits < text.bytes && text.at[digits] >= '0' && text.at[digits] <= '9')
        digits++;
    if (digits > 0 && digits + 2 == text.bytes && memcmp(text.at + digits, ".0", 2) == 0)
        text.bytes = digits;
    return text;
}
