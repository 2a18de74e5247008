#include "common/pure/uuid.h"

#include <string.h>

#define TEXT_CHARACTERS 36

struct id uuid_make(int64_t now_us, const uint8_t random[10])
{
    uint64_t us = now_us > 0 ? (uint64_t)now_us : 0;
    uint64_t ms = us / 1000;
    unsigned fraction = (unsigned)(us % 1000 * 4096 / 1000); /* 12 bits, in order */
    struct id id;

    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | fraction >> 8);
    id.bytes[7] = (uint8_t)fraction;
    id.bytes[8] = (uint8_t)(0x80 | (random[0] & 0x3f));
    for (int i = 9; i < 16; i++)
        id.bytes[i] = random[i - 8];
    return id;
}

/* True where the canonical form has a hyphen before byte i. */
static bool has_hyphen_before(int i)
{
    return i == 4 || i == 6 || i == 8 || i == 10;
}

void uuid_print(const struct id *id, char out[UUID_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    char *to = out;

    for (int i = 0; i < 16; i++) {
        if (has_hyphen_before(i))
            *to++ = '-';
        *to++ = digits[id->bytes[i] >> 4];
        *to++ = digits[id->bytes[i] & 15];
    }
    *to = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool uuid_parse(const char *at, size_t bytes, struct id *out)
{
    struct id id;

    if (bytes != TEXT_CHARACTERS)
        return false;
    for (int i = 0; i < 16; i++) {
        if (has_hyphen_before(i) && *at++ != '-')
            return false;

        int high = hex_value(at[0]);
        int low = hex_value(at[1]);

        if (high < 0 || low < 0)
            return false;
        id.bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *out = id;
    return true;
}

bool uuid_is_same(const struct id *a, const struct id *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

bool uuid_is_none(const struct id *id)
{
    static const struct id none;

    return uuid_is_same(id, &none);
}
