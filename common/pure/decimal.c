#include "common/pure/decimal.h"

#define MICROS 1000000
#define DECIMALS 6

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Adds a digit below zero, where int64 has room for one value more than above. */
static bool push_digit(int64_t *negative, int digit)
{
    return !__builtin_mul_overflow(*negative, 10, negative) &&
           !__builtin_sub_overflow(*negative, digit, negative);
}

bool decimal_parse(const char *at, size_t bytes, int64_t *micros)
{
    const char *end = at + bytes;
    bool is_negative = bytes > 0 && *at == '-';
    bool has_digit = false;
    int decimals = 0;
    int64_t value = 0; /* negated */

    if (bytes > 0 && (*at == '-' || *at == '+'))
        at++;
    for (; at < end && is_digit(*at); at++) {
        has_digit = true;
        if (!push_digit(&value, *at - '0'))
            return false;
    }
    if (at < end && *at == '.') {
        for (at++; at < end && is_digit(*at); at++) {
            has_digit = true;
            if (decimals == DECIMALS && *at != '0')
                return false;
            if (decimals == DECIMALS)
                continue;
            if (!push_digit(&value, *at - '0'))
                return false;
            decimals++;
        }
    }
    if (at != end || !has_digit)
        return false;
    for (; decimals < DECIMALS; decimals++)
        if (!push_digit(&value, 0))
            return false;
    if (!is_negative && value == INT64_MIN)
        return false;
    *micros = is_negative ? value : -value;
    return true;
}

size_t decimal_print(int64_t micros, char out[DECIMAL_TEXT_BYTES])
{
    uint64_t size = micros < 0 ? -(uint64_t)micros : (uint64_t)micros;
    uint64_t whole = size / MICROS;
    unsigned fraction = (unsigned)(size % MICROS);
    int decimals = fraction ? DECIMALS : 0;
    char backwards[DECIMAL_TEXT_BYTES];
    size_t count = 0;
    size_t bytes = 0;

    for (; fraction && fraction % 10 == 0; decimals--)
        fraction /= 10;
    for (int i = 0; i < decimals; i++, fraction /= 10)
        backwards[count++] = (char)('0' + fraction % 10);
    if (decimals)
        backwards[count++] = '.';
    do {
        backwards[count++] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole);
    if (micros < 0)
        backwards[count++] = '-';
    while (count)
        out[bytes++] = backwards[--count];
    out[bytes] = '\0';
    return bytes;
}

bool decimal_multiply(int64_t a_micros, int64_t b_micros, int64_t *product_micros)
{
    __int128 product = (__int128)a_micros * b_micros;
    __int128 half = product < 0 ? -MICROS / 2 : MICROS / 2;
    __int128 rounded = (product + half) / MICROS; /* C cuts toward zero */

    if (rounded > INT64_MAX || rounded < INT64_MIN)
        return false;
    *product_micros = (int64_t)rounded;
    return true;
}
