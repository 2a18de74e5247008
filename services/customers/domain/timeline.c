#include "services/customers/domain/timeline.h"

#include <string.h>

bool timeline_is_kind(struct text kind)
{
    if (kind.bytes == 0 || kind.bytes > TIMELINE_MAX_KIND)
        return false;
    for (size_t i = 0; i < kind.bytes; i++)
        if ((kind.at[i] < 'a' || kind.at[i] > 'z') && kind.at[i] != '_')
            return false;
    return true;
}

void timeline_print_place(const struct timeline_entry *entry, char out[TIMELINE_TOKEN_BYTES])
{
    char digits[24];
    size_t count = 0, at = 0;
    uint64_t value = entry->at_us < 0 ? 0 : (uint64_t)entry->at_us;
    size_t bytes = entry->key.bytes < TIMELINE_MAX_KEY ? entry->key.bytes : TIMELINE_MAX_KEY;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0)
        out[at++] = digits[--count];
    out[at++] = '.';
    memcpy(out + at, entry->key.at, bytes);
    out[at + bytes] = '\0';
}

bool timeline_read_place(struct text token, struct timeline_place *out)
{
    int64_t at_us = 0;
    size_t i = 0;

    for (; i < token.bytes && token.at[i] >= '0' && token.at[i] <= '9'; i++) {
        if (i == 18)
            return false;
        at_us = at_us * 10 + (token.at[i] - '0');
    }
    if (i == 0 || i + 1 >= token.bytes || token.at[i] != '.' ||
        token.bytes - i - 1 > TIMELINE_MAX_KEY)
        return false;
    *out = (struct timeline_place){at_us, {token.at + i + 1, token.bytes - i - 1}};
    return true;
}
