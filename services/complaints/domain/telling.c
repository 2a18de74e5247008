#include "services/complaints/domain/telling.h"

#include <string.h>

#include "common/pure/calendar.h"
#include "common/pure/day.h"

struct telling telling_begin(char *out, size_t room, enum telling_language language)
{
    if (room > 0)
        out[0] = '\0';
    return (struct telling){.out = out, .room = room, .is_full = room == 0, .language = language};
}

void telling_add(struct telling *telling, struct text text)
{
    size_t left = telling->is_full ? 0 : telling->room - 1 - telling->bytes;
    size_t bytes = text.bytes;

    if (bytes > left) {
        bytes = left;
        while (bytes > 0 && (text.at[bytes] & 0xc0) == 0x80)
            bytes--;
        telling->is_full = true;
    }
    if (bytes > 0) {
        memcpy(telling->out + telling->bytes, text.at, bytes);
        telling->bytes += bytes;
        telling->out[telling->bytes] = '\0';
    }
}

static void add_word(struct telling *telling, const char *word)
{
    telling_add(telling, (struct text){word, strlen(word)});
}

void telling_say(struct telling *telling, const char *zh, const char *en)
{
    add_word(telling, telling->language == TELLING_IS_ZH ? zh : en);
}

/* At least so many digits; with a comma between thousands when asked. */
static void add_digits(struct telling *telling, uint64_t value, int digits, bool has_commas)
{
    char text[40];
    size_t at = sizeof(text);

    for (int count = 0; count < digits || value > 0; count++) {
        if (has_commas && count > 0 && count % 3 == 0)
            text[--at] = ',';
        text[--at] = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    telling_add(telling, (struct text){text + at, sizeof(text) - at});
}

static uint64_t size_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

void telling_say_count(struct telling *telling, int64_t value)
{
    if (value < 0)
        add_word(telling, "-");
    add_digits(telling, size_of(value), 1, false);
}

void telling_say_amount(struct telling *telling, int64_t micros, const char *currency)
{
    uint64_t cents = (size_of(micros) + 5000) / 10000;

    if (micros < 0)
        add_word(telling, "-");
    if (strcmp(currency, "CNY") == 0) {
        add_word(telling, "¥");
    } else {
        add_word(telling, currency);
        add_word(telling, " ");
    }
    add_digits(telling, cents / 100, 1, true);
    add_word(telling, ".");
    add_digits(telling, cents % 100, 2, false);
}

void telling_say_share(struct telling *telling, int64_t micros)
{
    if (micros < 0)
        add_word(telling, "-");
    add_digits(telling, size_of(micros) / 10000, 1, false);
    add_word(telling, ".");
    add_digits(telling, size_of(micros) / 100 % 100, 2, false);
    add_word(telling, "%");
}

void telling_say_day(struct telling *telling, int32_t day)
{
    static const char *const zh[] = {"一", "二", "三", "四", "五", "六", "日"};
    static const char *const en[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    struct day_date date = day_split(day);
    char text[DAY_TEXT_BYTES];

    if (telling->language == TELLING_IS_EN) {
        day_print(day, text);
        add_word(telling, en[day_weekday(day) - 1]);
        add_word(telling, " ");
        add_word(telling, text);
        return;
    }
    telling_say_count(telling, date.year);
    add_word(telling, "年");
    telling_say_count(telling, date.month);
    add_word(telling, "月");
    telling_say_count(telling, date.day);
    add_word(telling, "日(周");
    add_word(telling, zh[day_weekday(day) - 1]);
    add_word(telling, ")");
}

void telling_say_time(struct telling *telling, const struct zone *zone, int64_t at_us)
{
    struct civil local = zone_civil(zone, at_us);

    add_digits(telling, (uint64_t)local.hour, 2, false);
    add_word(telling, ":");
    add_digits(telling, (uint64_t)local.minute, 2, false);
}

void telling_say_moment(struct telling *telling, const struct zone *zone, int64_t at_us)
{
    telling_say_day(telling, zone_day(zone, at_us));
    telling_say(telling, "", " ");
    telling_say_time(telling, zone, at_us);
}

void telling_say_span(struct telling *telling, int64_t span_us)
{
    int64_t minutes = span_us / MINUTE_US;

    if (minutes / 60 != 0) {
        telling_say_count(telling, minutes / 60);
        telling_say(telling, "小时", " h");
    }
    if (minutes / 60 != 0 && minutes % 60 != 0)
        telling_say(telling, "", " ");
    if (minutes % 60 != 0 || minutes == 0) {
        telling_say_count(telling, minutes % 60);
        telling_say(telling, "分钟", " min");
    }
}
