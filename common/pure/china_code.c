/* Credit codes (GB 32100-2015) and e-mail addresses. */
#include "common/pure/china.h"

#include <string.h>

#include "common/pure/utf8.h"

#define CODE_CHARACTERS (CHINA_CREDIT_CODE_BYTES - 1)
#define LOCAL_BYTES 64
#define LABEL_BYTES 63

static int32_t value_of(char character)
{
    static const char characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const char *found = memchr(characters, character, sizeof(characters) - 1);

    return found ? (int32_t)(found - characters) : -1;
}

/* Half width ASCII without the spaces around, or within where they are decoration. */
static enum china_refusal read_ascii(struct text text, bool drop_spaces, struct utf8_writer *to)
{
    bool has_space = false;

    for (size_t at = 0; at < text.bytes;) {
        int32_t character = utf8_next(text, &at);

        if (character < 0)
            return CHINA_NO_UTF8;
        character = utf8_half_width(character);
        if (character == ' ' || character == 0xa0) {
            has_space = to->bytes > 0;
            continue;
        }
        if (character < 0x20 || character == 0x7f)
            return CHINA_CONTROL;
        if (character > 0x7f || (has_space && !drop_spaces))
            return CHINA_CHARACTER;
        utf8_put(to, character);
    }
    if (to->overflowed)
        return CHINA_LENGTH;
    return to->bytes ? CHINA_FINE : CHINA_EMPTY;
}

enum china_refusal china_read_credit_code(struct text text, char code[CHINA_CREDIT_CODE_BYTES])
{
    static const int8_t weights[] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                     29, 25, 13, 8,  24, 10, 30, 28};
    char typed[CHINA_CREDIT_CODE_BYTES];
    struct utf8_writer to;
    int32_t sum = 0;

    utf8_open(&to, typed, sizeof(typed));

    enum china_refusal refusal = read_ascii(text, true, &to);

    if (refusal)
        return refusal;
    if (to.bytes != CODE_CHARACTERS)
        return CHINA_LENGTH;
    for (size_t i = 0; i < CODE_CHARACTERS; i++) {
        if (typed[i] >= 'a' && typed[i] <= 'z')
            typed[i] = (char)(typed[i] - 'a' + 'A');
        if (value_of(typed[i]) < 0)
            return CHINA_CHARACTER;
        if (i < COUNT_OF(weights))
            sum += value_of(typed[i]) * weights[i];
    }
    if ((31 - sum % 31) % 31 != value_of(typed[CODE_CHARACTERS - 1]))
        return CHINA_CHECK;
    memcpy(code, typed, sizeof(typed));
    return CHINA_FINE;
}

static bool is_letter_or_digit(char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* RFC 5321 dot-string. */
static bool is_local_part(const char *at, size_t bytes)
{
    static const char signs[] = "!#$%&'*+-/=?^_`{|}~";

    if (bytes == 0 || bytes > LOCAL_BYTES || at[0] == '.' || at[bytes - 1] == '.')
        return false;
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] == '.' && at[i + 1] == '.')
            return false;
        if (at[i] != '.' && !is_letter_or_digit(at[i]) && !memchr(signs, at[i], sizeof(signs) - 1))
            return false;
    }
    return true;
}

static bool is_label(const char *at, size_t bytes)
{
    if (bytes == 0 || bytes > LABEL_BYTES || at[0] == '-' || at[bytes - 1] == '-')
        return false;
    for (size_t i = 0; i < bytes; i++)
        if (!is_letter_or_digit(at[i]) && at[i] != '-')
            return false;
    return true;
}

/* Labels with dots between; the last one is no number and has two characters at least. */
static bool is_domain(const char *at)
{
    size_t labels = 0;

    for (;;) {
        const char *dot = memchr(at, '.', strlen(at));
        size_t bytes = dot ? (size_t)(dot - at) : strlen(at);

        if (!is_label(at, bytes))
            return false;
        labels++;
        if (!dot)
            return labels > 1 && bytes > 1 && !(at[0] >= '0' && at[0] <= '9');
        at = dot + 1;
    }
}

enum china_refusal china_read_email(struct text text, char email[CHINA_EMAIL_BYTES])
{
    char typed[CHINA_EMAIL_BYTES];
    struct utf8_writer to;

    utf8_open(&to, typed, sizeof(typed));

    enum china_refusal refusal = read_ascii(text, false, &to);

    if (refusal)
        return refusal == CHINA_LENGTH ? CHINA_TOO_LONG : refusal;

    char *at = memchr(typed, '@', to.bytes);

    if (!at || !is_local_part(typed, (size_t)(at - typed)) || !is_domain(at + 1))
        return CHINA_NO_ADDRESS;
    for (char *domain = at; *domain; domain++)
        *domain = (char)utf8_lower(*domain);
    memcpy(email, typed, to.bytes + 1);
    return CHINA_FINE;
}

void china_mask_email(const char *email, char out[CHINA_EMAIL_BYTES])
{
    size_t bytes = strnlen(email, CHINA_EMAIL_BYTES - 1);
    const char *at = memchr(email, '@', bytes);
    size_t shown = at && at - email > 1 ? 1 : 0; /* of a single letter nothing is shown */
    size_t rest = at ? bytes - (size_t)(at - email) : 0;

    if (shown + 3 + rest > CHINA_EMAIL_BYTES - 1)
        rest = 0;
    memcpy(out, email, shown);
    memcpy(out + shown, "***", 3);
    if (rest)
        memcpy(out + shown + 3, at, rest);
    out[shown + 3 + rest] = '\0';
}
