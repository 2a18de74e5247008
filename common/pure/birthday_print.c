/* Birthdays as text: stored, for people, and as keys; and why one was refused. */
#include "common/pure/birthday.h"

#include "common/pure/utf8.h"

static void put_text(struct utf8_writer *to, const char *from)
{
    struct text text = {from, 0};

    while (from[text.bytes])
        text.bytes++;
    for (size_t at = 0; at < text.bytes;) {
        int32_t character = utf8_next(text, &at);

        if (character < 0)
            return; /* our own texts: cannot be */
        utf8_put(to, character);
    }
}

static void put_number(struct utf8_writer *to, int32_t number, int32_t digits)
{
    int32_t unit = 1;

    for (int32_t i = 1; i < digits || number / unit >= 10; i++)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        utf8_put(to, '0' + number / unit % 10);
}

static void put_month_day(struct utf8_writer *to, const struct birthday *birthday)
{
    if (birthday->is_leap)
        utf8_put(to, 'R');
    put_number(to, birthday->month, 2);
    utf8_put(to, '-');
    put_number(to, birthday->day, 2);
}

void birthday_print(const struct birthday *birthday, char out[BIRTHDAY_TEXT_BYTES])
{
    struct utf8_writer to;

    utf8_open(&to, out, BIRTHDAY_TEXT_BYTES);
    if (birthday->calendar == BIRTHDAY_LUNAR)
        utf8_put(&to, 'L');
    if (birthday->year)
        put_number(&to, birthday->year, 4);
    else
        utf8_put(&to, '-');
    utf8_put(&to, '-');
    put_month_day(&to, birthday);
}

void birthday_print_key(const struct birthday *birthday, int32_t year, char out[BIRTHDAY_KEY_BYTES])
{
    struct utf8_writer to;

    utf8_open(&to, out, BIRTHDAY_KEY_BYTES);
    put_text(&to, birthday->calendar == BIRTHDAY_LUNAR ? "lunar:" : "gregorian:");
    put_number(&to, year, 4);
    utf8_put(&to, '-');
    put_month_day(&to, birthday);
}

/* --- Chinese --- */

static const char *const lunar_months[] = {"正", "二", "三", "四", "五", "六",
                                           "七", "八", "九", "十", "冬", "腊"};
static const char *const digits[] = {"",   "一", "二", "三", "四", "五",
                                     "六", "七", "八", "九", "十"};

/* 初一 … 初十, 十一 … 十九, 二十, 廿一 … 廿九, 三十. */
static void put_lunar_day(struct utf8_writer *to, int32_t day)
{
    if (day <= 10) {
        put_text(to, "初");
        put_text(to, digits[day]);
    } else if (day == 20 || day == 30) {
        put_text(to, digits[day / 10]);
        put_text(to, "十");
    } else {
        put_text(to, day < 20 ? "十" : "廿");
        put_text(to, digits[day % 10]);
    }
}

void birthday_say_zh(const struct birthday *birthday, char out[BIRTHDAY_SAID_BYTES])
{
    struct utf8_writer to;
    bool is_lunar = birthday->calendar == BIRTHDAY_LUNAR;

    utf8_open(&to, out, BIRTHDAY_SAID_BYTES);
    if (birthday_check(birthday))
        return;
    put_text(&to, is_lunar ? "农历" : "");
    if (birthday->year) {
        put_number(&to, birthday->year, 4);
        put_text(&to, "年");
    }
    if (is_lunar) {
        put_text(&to, birthday->is_leap ? "闰" : "");
        put_text(&to, lunar_months[birthday->month - 1]);
        put_text(&to, "月");
        put_lunar_day(&to, birthday->day);
    } else {
        put_number(&to, birthday->month, 1);
        put_text(&to, "月");
        put_number(&to, birthday->day, 1);
        put_text(&to, "日");
    }
}

/* --- English --- */

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

static const char *ending(int32_t day)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};

    return day / 10 == 1 || day % 10 > 3 ? endings[0] : endings[day % 10];
}

void birthday_say_en(const struct birthday *birthday, char out[BIRTHDAY_SAID_BYTES])
{
    struct utf8_writer to;

    utf8_open(&to, out, BIRTHDAY_SAID_BYTES);
    if (birthday_check(birthday))
        return;
    if (birthday->calendar == BIRTHDAY_LUNAR) {
        put_text(&to, "lunar ");
        put_number(&to, birthday->day, 1);
        put_text(&to, ending(birthday->day));
        put_text(&to, birthday->is_leap ? " day of leap month " : " day of month ");
        put_number(&to, birthday->month, 1);
    } else {
        put_number(&to, birthday->day, 1);
        utf8_put(&to, ' ');
        put_text(&to, months[birthday->month - 1]);
    }
    if (birthday->year) {
        put_text(&to, birthday->calendar == BIRTHDAY_LUNAR ? ", " : " ");
        put_number(&to, birthday->year, 4);
    }
}

const char *birthday_refusal_text(enum birthday_refusal refusal)
{
    static const char *const texts[] = {
        [BIRTHDAY_FINE] = "is fine",
        [BIRTHDAY_EMPTY] = "must not be empty",
        [BIRTHDAY_NO_UTF8] = "must be UTF-8",
        [BIRTHDAY_FORM] = "must be a date such as 1985-08-20, 8-20, 8月20日, L6-3 or 闰六月初三",
        [BIRTHDAY_CALENDARS] = "is of both calendars: must be either Gregorian or lunar",
        [BIRTHDAY_YEAR] = "must have a year of four digits from 1900 to 2100, lunar from 1901 to "
                          "2100, or none",
        [BIRTHDAY_MONTH] = "must have a month from 1 to 12",
        [BIRTHDAY_DAY] = "must have a day that its month has",
        [BIRTHDAY_LEAP_DAY] = "is 29 February of a year that has none",
        [BIRTHDAY_LUNAR_DAY] = "must have a day from 1 to 30, as lunar months do",
        [BIRTHDAY_LUNAR_SHORT] = "is the 30th of a lunar month that had 29 days in that year",
        [BIRTHDAY_LEAP_MONTH] = "is of a leap month that does not exist in that year",
    };

    return (size_t)refusal < COUNT_OF(texts) ? texts[refusal] : "must be a date";
}
