/*
 * The writer of sentences for people: text, counts, amounts, days, moments and spans of time in
 * Chinese or English into a buffer of fixed room, without stdio. Past the room nothing more is
 * written, and no character is cut in two.
 */
#ifndef KEHU_COMPLAINTS_TELLING_H
#define KEHU_COMPLAINTS_TELLING_H

#include "common/pure/zone.h"

enum telling_language {
    TELLING_IS_ZH = 1,
    TELLING_IS_EN = 2,
};

struct telling {
    char *out; /* always terminated */
    size_t room, bytes;
    bool is_full;
    enum telling_language language;
};

struct telling telling_begin(char *out, size_t room, enum telling_language language);
void telling_add(struct telling *telling, struct text text);
/* The words of whichever language is being written; both terminated. */
void telling_say(struct telling *telling, const char *zh, const char *en);
void telling_say_count(struct telling *telling, int64_t value);
/* "¥3,000.00", other currencies "GBP 19,000.00"; rounded half away from zero. */
void telling_say_amount(struct telling *telling, int64_t micros, const char *currency);
/* "19.79%" of millionths, cut, never rounded up. */
void telling_say_share(struct telling *telling, int64_t micros);
/* "2026年9月30日(周三)", "Wed 2026-09-30". */
void telling_say_day(struct telling *telling, int32_t day);
/* "2026年9月30日(周三)17:30", "Wed 2026-09-30 17:30": local time of the zone, seconds cut. */
void telling_say_moment(struct telling *telling, const struct zone *zone, int64_t at_us);
/* "17:30" of the zone. */
void telling_say_time(struct telling *telling, const struct zone *zone, int64_t at_us);
/* "1小时30分钟", "1 h 30 min"; under a minute: "0分钟". */
void telling_say_span(struct telling *telling, int64_t span_us);

#endif
