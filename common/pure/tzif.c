#include "common/pure/tzif.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/tzrule.h"

#define HEADER_BYTES 44
#define FROM_S INT64_C(-2208988800) /* 1900-01-01 */
#define TO_S INT64_C(4102444800)    /* 2100-01-01 */
/* The first year that the footer's rule can have a say in: no file ends before it does. */
#define FIRST_RULE_YEAR 1900
#define LAST_RULE_YEAR 2099

/* What a header counts, in the order of RFC 8536 §3.1. */
struct counts {
    size_t isut, isstd, leap, time, type, name_bytes;
};

/* The pieces of a file's second block. */
struct block {
    const uint8_t *times, *kinds, *types;
    size_t time_count, type_count;
    const char *rule;
    size_t rule_bytes;
};

static int64_t get_big_endian(const uint8_t *at, int bytes)
{
    uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;

    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

static bool read_header(const uint8_t *bytes, size_t count, struct counts *out)
{
    if (count < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2')
        return false;

    size_t numbers[6];

    for (int i = 0; i < 6; i++) {
        int64_t number = get_big_endian(bytes + 20 + 4 * i, 4);

        if (number < 0 || number > 1 << 20)
            return false;
        numbers[i] = (size_t)number;
    }
    *out = (struct counts){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
    return true;
}

static size_t block_bytes(const struct counts *counts, size_t time_bytes)
{
    return counts->time * (time_bytes + 1) + counts->type * 6 + counts->name_bytes +
           counts->leap * (time_bytes + 4) + counts->isstd + counts->isut;
}

/* Skips the block of 32-bit times and finds the pieces of the 64-bit one and its footer. */
static bool find_block(const uint8_t *bytes, size_t count, struct block *out)
{
    struct counts counts;

    if (!read_header(bytes, count, &counts))
        return false;

    size_t skip = HEADER_BYTES + block_bytes(&counts, 4);

    if (skip > count || !read_header(bytes + skip, count - skip, &counts))
        return false;
    bytes += skip + HEADER_BYTES;
    count -= skip + HEADER_BYTES;

    size_t size = block_bytes(&counts, 8);

    if (counts.type == 0 || size + 2 > count || bytes[size] != '\n')
        return false;

    const uint8_t *rule = bytes + size + 1;
    const uint8_t *end = memchr(rule, '\n', count - size - 1);

    if (!end)
        return false;
    *out = (struct block){
        .times = bytes,
        .kinds = bytes + counts.time * 8,
        .types = bytes + counts.time * 9,
        .time_count = counts.time,
        .type_count = counts.type,
        .rule = (const char *)rule,
        .rule_bytes = (size_t)(end - rule),
    };
    return true;
}

/* Seconds east of UTC of a local time type. RFC 8536 keeps them within -25 h..26 h, and zone.c
 * relies on it. */
static bool get_offset(const struct block *block, size_t kind, int32_t *offset_s)
{
    if (kind >= block->type_count)
        return false;
    *offset_s = (int32_t)get_big_endian(block->types + 6 * kind, 4);
    return *offset_s > -25 * 3600 && *offset_s < 26 * 3600;
}

/* Adds a change; what changes nothing or lies outside our time is left out. False when the table is
 * full. */
static bool add(struct zone *zone, int64_t at_s, int32_t offset_s)
{
    int32_t last = zone->count ? zone->transitions[zone->count - 1].offset_s : zone->first_offset_s;

    if (at_s < FROM_S) {
        zone->first_offset_s = offset_s;
        return true;
    }
    if (at_s >= TO_S || offset_s == last)
        return true;
    if (zone->count == COUNT_OF(zone->transitions))
        return false;
    zone->transitions[zone->count++] = (struct zone_transition){at_s * SECOND_US, offset_s};
    return true;
}

static bool add_listed(struct zone *zone, const struct block *block, int64_t *last_s)
{
    for (size_t i = 0; i < block->time_count; i++) {
        int64_t at_s = get_big_endian(block->times + 8 * i, 8);

        int32_t offset_s;

        if (!get_offset(block, block->kinds[i], &offset_s) || (i > 0 && at_s <= *last_s))
            return false;
        *last_s = at_s;
        if (!add(zone, at_s, offset_s))
            return false;
    }
    return true;
}

static bool add_by_rule(struct zone *zone, const struct tzrule *rule, int64_t last_s)
{
    if (!rule->has_summer)
        return true;
    for (int32_t year = FIRST_RULE_YEAR; year <= LAST_RULE_YEAR; year++) {
        int64_t summer_s = tzrule_moment_s(&rule->to_summer, year, rule->standard_s);
        int64_t standard_s = tzrule_moment_s(&rule->to_standard, year, rule->summer_s);
        bool is_south = standard_s < summer_s;
        int64_t first_s = is_south ? standard_s : summer_s;
        int64_t second_s = is_south ? summer_s : standard_s;

        if (first_s > last_s && !add(zone, first_s, is_south ? rule->standard_s : rule->summer_s))
            return false;
        if (second_s > last_s && !add(zone, second_s, is_south ? rule->summer_s : rule->standard_s))
            return false;
    }
    return true;
}

bool tzif_read(const uint8_t *bytes, size_t count, struct zone *zone)
{
    struct zone read = {0};
    struct block block;
    struct tzrule rule = {0};
    int64_t last_s = INT64_MIN;

    if (!find_block(bytes, count, &block))
        return false;
    if (block.rule_bytes > 0 && !tzrule_parse(block.rule, block.rule_bytes, &rule))
        return false;
    if (!get_offset(&block, 0, &read.first_offset_s) || !add_listed(&read, &block, &last_s) ||
        !add_by_rule(&read, &rule, last_s))
        return false;
    memcpy(read.name, zone->name, sizeof(read.name));
    *zone = read;
    return true;
}
