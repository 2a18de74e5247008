#include "services/complaints/domain/case_number.h"

#include <string.h>

#include "common/pure/day.h"

static const char prefixes[CASE_KINDS][3] = {
    [CASE_KIND_IS_NONE] = "",  [CASE_IS_COMPLAINT] = "TS", [CASE_IS_SUGGESTION] = "JY",
    [CASE_IS_FEEDBACK] = "FK", [CASE_IS_ENQUIRY] = "ZX",   [CASE_IS_SERVICE_REQUEST] = "FW",
};

const char *case_number_prefix(enum case_kind kind)
{
    return (size_t)kind < CASE_KINDS ? prefixes[kind] : "";
}

static void put_digits(char *at, uint32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

size_t case_number_print(enum case_kind kind, int32_t day, uint32_t nth,
                         char out[CASE_NUMBER_BYTES])
{
    struct day_date date = day_split(day);
    int digits = 4;

    for (uint32_t limit = 10000; nth >= limit && digits < 9; limit *= 10)
        digits++;
    memcpy(out, prefixes[kind], 2);
    out[2] = out[11] = '-';
    put_digits(out + 3, (uint32_t)date.year, 4);
    put_digits(out + 7, (uint32_t)date.month, 2);
    put_digits(out + 9, (uint32_t)date.day, 2);
    put_digits(out + 12, nth, digits);
    out[12 + digits] = '\0';
    return 12 + (size_t)digits;
}

/* One sign of a number as people type it: letters made capital, hyphens of any width dropped. */
static size_t read_sign(struct text text, size_t at, char *sign)
{
    static const char *const hyphens[] = {"-", "－", "–", "—", "‐", "‑"};

    *sign = '\0';
    for (size_t i = 0; i < COUNT_OF(hyphens); i++) {
        size_t bytes = strlen(hyphens[i]);

        if (text.bytes - at >= bytes && memcmp(text.at + at, hyphens[i], bytes) == 0)
            return bytes;
    }
    *sign = text.at[at];
    if (*sign >= 'a' && *sign <= 'z')
        *sign = (char)(*sign - 'a' + 'A');
    return 1;
}

static bool read_digits(const char *at, size_t digits, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        *value = *value * 10 + (uint32_t)(at[i] - '0');
    }
    return true;
}

static enum case_kind read_kind(const char *at)
{
    for (size_t i = 1; i < CASE_KINDS; i++)
        if (memcmp(at, prefixes[i], 2) == 0)
            return (enum case_kind)i;
    return CASE_KIND_IS_NONE;
}

/* Without hyphens: letters, eight digits of the day, four to nine of the count. */
static bool read_signs(const char *signs, size_t count, enum case_kind *kind, int32_t *day,
                       uint32_t *nth)
{
    uint32_t year, month, date, number;
    enum case_kind read = count >= 14 && count <= 19 ? read_kind(signs) : CASE_KIND_IS_NONE;

    if (!read || !read_digits(signs + 2, 4, &year) || !read_digits(signs + 6, 2, &month) ||
        !read_digits(signs + 8, 2, &date) || !read_digits(signs + 10, count - 10, &number))
        return false;
    if (number == 0 || year < 1000 || !day_is_valid((int32_t)year, (int32_t)month, (int32_t)date))
        return false;
    *kind = read;
    *day = day_make((int32_t)year, (int32_t)month, (int32_t)date);
    *nth = number;
    return true;
}

bool case_number_parse(struct text text, enum case_kind *kind, int32_t *day, uint32_t *nth)
{
    char signs[CASE_NUMBER_BYTES];
    size_t count = 0;

    while (text.bytes > 0 && text.at[text.bytes - 1] == ' ')
        text.bytes--;
    while (text.bytes > 0 && text.at[0] == ' ') {
        text.at++;
        text.bytes--;
    }
    for (size_t at = 0; at < text.bytes;) {
        char sign;

        at += read_sign(text, at, &sign);
        if (sign == '\0')
            continue;
        if (count == sizeof(signs))
            return false;
        signs[count++] = sign;
    }
    return read_signs(signs, count, kind, day, nth);
}
