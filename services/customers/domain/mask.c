#include "services/customers/domain/mask.h"

#include <string.h>

#define HIDDEN "***"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_mobile(struct text phone)
{
    return phone.bytes == 11 && phone.at[0] == '1';
}

/* Without the +86 in front of a mobile number: people know it without. */
static struct text shown_part(struct text phone)
{
    const struct text rest = {phone.at + 3, phone.bytes >= 3 ? phone.bytes - 3 : 0};

    if (phone.bytes > 3 && memcmp(phone.at, "+86", 3) == 0 && is_mobile(rest))
        return rest;
    return phone;
}

void mask_phone(struct text phone, char out[MASK_BYTES])
{
    struct text shown = shown_part(phone);
    size_t digits = 0, seen = 0, end = 0;

    if (shown.bytes >= MASK_BYTES) {
        memcpy(out, HIDDEN, sizeof(HIDDEN));
        return;
    }
    /* The number ends where letters begin: an extension is no part of it. */
    while (end < shown.bytes && !(shown.at[end] >= 'a' && shown.at[end] <= 'z'))
        digits += is_digit(shown.at[end++]);

    size_t keep_last = digits >= 8 ? 4 : 2;
    size_t hide_from = digits >= 8 ? digits - 8 : 0;

    if (digits >= 8 && digits < 11)
        hide_from = digits - keep_last > 4 ? digits - keep_last - 4 : 0;
    for (size_t i = 0; i < shown.bytes; i++) {
        bool is_hidden =
            i < end && is_digit(shown.at[i]) && seen >= hide_from && seen + keep_last < digits;

        seen += i < end && is_digit(shown.at[i]);
        out[i] = is_hidden ? '*' : shown.at[i];
    }
    out[shown.bytes] = '\0';
}

void mask_email(struct text email, char out[MASK_BYTES])
{
    const char *at = email.bytes ? memchr(email.at, '@', email.bytes) : NULL;
    size_t first = 1, rest;

    if (!at || at == email.at) {
        memcpy(out, HIDDEN, sizeof(HIDDEN));
        return;
    }
    while (email.at + first < at && ((uint8_t)email.at[first] & 0xc0) == 0x80)
        first++; /* the rest of a character */
    rest = email.bytes - (size_t)(at - email.at);
    if (first + 3 + rest >= MASK_BYTES) {
        memcpy(out, HIDDEN, sizeof(HIDDEN));
        return;
    }
    memcpy(out, email.at, first);
    memcpy(out + first, HIDDEN, 3);
    memcpy(out + first + 3, at, rest);
    out[first + 3 + rest] = '\0';
}
