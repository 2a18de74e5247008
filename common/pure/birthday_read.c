/*
 * Reading birthdays as people write them: characters are made half width and spaces dropped, then
 * the parts are taken from left to right. What marks a calendar on the way is noted and decides at
 * the end.
 */
#include "common/pure/birthday.h"
#include "common/pure/utf8.h"

#define CHARACTERS 40

/* What is left to read, and what was seen of it. */
struct reading {
    int32_t characters[CHARACTERS + 1]; /* ends with 0 */
    size_t at;
    bool says_lunar, says_gregorian; /* 农历, L; 公历 */
    bool looks_lunar;                /* 闰, 正月, 冬月, 腊月, 初, 廿, 卅 */
    bool has_day_sign;               /* 日, 号 */
    bool has_han_month, has_han_day; /* in Chinese numerals */
    struct birthday birthday;
};

static bool is_separator(int32_t character)
{
    return character == '-' || character == '/' || character == '.' ||
           (character >= 0x2010 && character <= 0x2015) || character == 0x2212;
}

static bool is_space(int32_t character)
{
    return character == ' ' || character == '\t' || character == 0xa0 || character == 0xfeff ||
           (character >= 0x2000 && character <= 0x200b);
}

static enum birthday_refusal scan(struct text text, struct reading *r)
{
    size_t count = 0;

    for (size_t at = 0; at < text.bytes;) {
        int32_t character = utf8_next(text, &at);

        if (character < 0)
            return BIRTHDAY_NO_UTF8;
        character = utf8_lower(utf8_half_width(character));
        if (is_space(character))
            continue;
        if (count == CHARACTERS || character == 0)
            return BIRTHDAY_FORM;
        r->characters[count++] = character;
    }
    return count ? BIRTHDAY_FINE : BIRTHDAY_EMPTY;
}

static int32_t peek(const struct reading *r)
{
    return r->characters[r->at];
}

static bool take(struct reading *r, int32_t character)
{
    if (peek(r) != character)
        return false;
    r->at++;
    return true;
}

static bool take_either(struct reading *r, int32_t a, int32_t b)
{
    return take(r, a) || take(r, b);
}

static bool take_separator(struct reading *r)
{
    if (!is_separator(peek(r)))
        return false;
    r->at++;
    return true;
}

/* 农历 阴历 旧历 夏历; 公历 阳历 新历 国历; with either form of 历. */
static void take_calendar(struct reading *r)
{
    static const int32_t lunar[] = {0x519c, 0x8fb2, 0x9634, 0x9670, 0x65e7, 0x820a, 0x590f};
    static const int32_t gregorian[] = {0x516c, 0x9633, 0x967d, 0x65b0, 0x56fd, 0x570b};
    int32_t second = peek(r) ? r->characters[r->at + 1] : 0;

    r->says_lunar = take(r, 'l');
    if (r->says_lunar || (second != 0x5386 && second != 0x66c6))
        return;
    for (size_t i = 0; i < COUNT_OF(lunar); i++)
        r->says_lunar |= peek(r) == lunar[i];
    for (size_t i = 0; i < COUNT_OF(gregorian); i++)
        r->says_gregorian |= peek(r) == gregorian[i];
    if (r->says_lunar || r->says_gregorian)
        r->at += 2;
    take(r, ':');
}

/* 一 to 九, 〇 and 零; -1: none of them. */
static int32_t han_digit(int32_t character)
{
    static const int32_t digits[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
                                     0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};

    for (int32_t i = 0; i < 10; i++)
        if (character == digits[i])
            return i;
    return character == 0x96f6 ? 0 : -1;
}

static size_t count_digits(const struct reading *r)
{
    size_t count = 0;

    while (r->characters[r->at + count] >= '0' && r->characters[r->at + count] <= '9')
        count++;
    return count;
}

static int32_t take_digits(struct reading *r, size_t count)
{
    int32_t number = 0;

    for (size_t i = 0; i < count; i++)
        number = number * 10 + (r->characters[r->at++] - '0');
    return number;
}

/* 二〇二六年: four digits in Chinese before 年. */
static bool take_han_year(struct reading *r)
{
    int32_t year = 0;

    for (size_t i = 0; i < 4; i++) {
        int32_t digit = peek(r) ? han_digit(r->characters[r->at + i]) : -1;

        if (digit < 0)
            return false;
        year = year * 10 + digit;
    }
    if (r->characters[r->at + 4] != 0x5e74)
        return false;
    r->at += 5;
    r->birthday.year = year;
    return true;
}

/* A year and what ends it, "--" where there is none, or nothing at all. */
static enum birthday_refusal take_year(struct reading *r)
{
    size_t digits = count_digits(r);
    int32_t behind = r->characters[r->at + digits];

    if (take_han_year(r))
        return BIRTHDAY_FINE;
    if (take_separator(r))
        return take_separator(r) ? BIRTHDAY_FINE : BIRTHDAY_FORM;
    if (digits < 3 && behind != 0x5e74)
        return BIRTHDAY_FINE; /* a month */
    if (digits != 4)
        return BIRTHDAY_YEAR;
    r->birthday.year = take_digits(r, 4);
    if (r->birthday.year == 0)
        return BIRTHDAY_YEAR;
    return take_separator(r) || take(r, 0x5e74) ? BIRTHDAY_FINE : BIRTHDAY_FORM;
}

/* 十, 十一 … 九十九 and 一 … 九; 0: none. */
static int32_t take_han_number(struct reading *r)
{
    int32_t tens = 0, digit = han_digit(peek(r));

    if (digit > 0 && r->characters[r->at + 1] == 0x5341) {
        tens = digit * 10;
        r->at += 2;
    } else if (take(r, 0x5341)) {
        tens = 10;
    } else if (digit > 0) {
        r->at++;
        return digit;
    } else {
        return 0;
    }
    digit = han_digit(peek(r));
    if (digit > 0)
        r->at++;
    return tens + (digit > 0 ? digit : 0);
}

/* 正 and 元, 冬, 腊: months with names. 0: none. */
static int32_t take_named_month(struct reading *r)
{
    if (take(r, 0x5143)) /* 元月 is January */
        return 1;

    int32_t month = take(r, 0x6b63)                  ? 1
                    : take(r, 0x51ac)                ? 11
                    : take_either(r, 0x814a, 0x81d8) ? 12
                                                     : 0;

    r->looks_lunar |= month != 0;
    return month;
}

static enum birthday_refusal take_month(struct reading *r)
{
    size_t digits;

    if (take_either(r, 0x95f0, 0x958f) || take(r, 'r')) {
        r->birthday.is_leap = true;
        r->looks_lunar = true;
    }
    digits = count_digits(r);
    if (digits > 2)
        return BIRTHDAY_FORM;
    r->birthday.month = digits ? take_digits(r, digits) : take_named_month(r);
    if (r->birthday.month == 0 && digits == 0) {
        r->birthday.month = take_han_number(r);
        r->has_han_month = true;
        if (r->birthday.month == 0)
            return BIRTHDAY_FORM;
    }
    if (take(r, 0x6708))
        return BIRTHDAY_FINE;
    return digits && take_separator(r) ? BIRTHDAY_FINE : BIRTHDAY_FORM;
}

static enum birthday_refusal take_day(struct reading *r)
{
    int32_t first = 0;
    size_t digits;

    if (take(r, 0x521d)) /* 初 */
        r->looks_lunar = true;
    else if (take_either(r, 0x5eff, 0x5344)) /* 廿 */
        first = 20;
    else if (take(r, 0x5345)) /* 卅 */
        first = 30;
    r->looks_lunar |= first != 0;
    digits = count_digits(r);
    if (digits > 2)
        return BIRTHDAY_FORM;
    r->has_han_day = digits == 0;
    if (digits > 0 && first == 0)
        r->birthday.day = take_digits(r, digits);
    else if (first > 0)
        r->birthday.day = first + (han_digit(peek(r)) > 0 ? han_digit(r->characters[r->at++]) : 0);
    else
        r->birthday.day = take_han_number(r);
    if (r->birthday.day == 0 && digits == 0)
        return BIRTHDAY_FORM;
    r->has_day_sign = take(r, 0x65e5) || take_either(r, 0x53f7, 0x865f); /* 日, 号 */
    return peek(r) ? BIRTHDAY_FORM : BIRTHDAY_FINE;
}

/* 19850820, as exports write it. */
static bool take_run(struct reading *r)
{
    if (count_digits(r) != 8 || r->characters[r->at + 8])
        return false;
    r->birthday.year = take_digits(r, 4);
    r->birthday.month = take_digits(r, 2);
    r->birthday.day = take_digits(r, 2);
    return r->birthday.year > 0;
}

static enum birthday_refusal take_parts(struct reading *r)
{
    take_calendar(r);
    if (take_run(r))
        return BIRTHDAY_FINE;

    enum birthday_refusal refusal = take_year(r);

    if (!refusal)
        refusal = take_month(r);
    return refusal ? refusal : take_day(r);
}

enum birthday_refusal birthday_read(struct text text, struct birthday *out)
{
    struct reading r = {.at = 0};
    enum birthday_refusal refusal = scan(text, &r);
    bool is_lunar;

    if (!refusal)
        refusal = take_parts(&r);
    if (refusal)
        return refusal;
    if (r.says_gregorian && (r.says_lunar || r.looks_lunar))
        return BIRTHDAY_CALENDARS;
    is_lunar = r.says_lunar || r.looks_lunar ||
               (r.has_han_month && r.has_han_day && !r.has_day_sign && !r.says_gregorian);
    r.birthday.calendar = is_lunar ? BIRTHDAY_LUNAR : BIRTHDAY_GREGORIAN;
    refusal = birthday_check(&r.birthday);
    if (!refusal)
        *out = r.birthday;
    return refusal;
}
