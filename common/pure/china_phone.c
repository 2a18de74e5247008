/* Telephone numbers by the plan of YD/T 1538 and as people write them. */
#include "common/pure/china.h"

#include <string.h>

#include "common/pure/utf8.h"

#define DIGITS 20
#define EXTENSION 6
#define BREAKS 8

/* What was typed, without decoration. */
struct typed {
    bool has_plus;
    char digits[DIGITS + 1];
    size_t count;
    size_t breaks[BREAKS]; /* hyphens, as the number of digits before each */
    size_t break_count;
    bool in_extension;
    char extension[EXTENSION + 1];
    size_t extension_count;
};

static bool is_hyphen(int32_t character)
{
    return character == '-' || character == '/' || (character >= 0x2010 && character <= 0x2015) ||
           character == 0x2212;
}

/* Spaces, dots, brackets, and the direction marks that telephones copy along. */
static bool is_decoration(int32_t character)
{
    return character == ' ' || character == '.' || character == '(' || character == ')' ||
           character == 0xa0 || (character >= 0x2000 && character <= 0x200f) ||
           (character >= 0x202a && character <= 0x202f) || character == 0xfeff || character == '\t';
}

/* 转, 分机, ext, x and #. */
static bool is_extension_mark(int32_t character)
{
    int32_t small = utf8_lower(character);

    return character == 0x8f6c || character == 0x8f49 || character == 0x5206 ||
           character == 0x673a || small == 'e' || small == 'x' || small == 't' || small == '#';
}

static enum china_refusal take_digit(struct typed *typed, char digit)
{
    if (typed->in_extension) {
        if (typed->extension_count == EXTENSION)
            return CHINA_LENGTH;
        typed->extension[typed->extension_count++] = digit;
        return CHINA_FINE;
    }
    if (typed->count == DIGITS)
        return CHINA_LENGTH;
    typed->digits[typed->count++] = digit;
    return CHINA_FINE;
}

static enum china_refusal take(struct typed *typed, int32_t character)
{
    if (character >= '0' && character <= '9')
        return take_digit(typed, (char)character);
    if (is_decoration(character))
        return CHINA_FINE;
    if (is_hyphen(character)) {
        if (!typed->in_extension && typed->break_count < BREAKS)
            typed->breaks[typed->break_count++] = typed->count;
        return CHINA_FINE;
    }
    if (character == '+' && !typed->has_plus && typed->count == 0) {
        typed->has_plus = true;
        return CHINA_FINE;
    }
    if (is_extension_mark(character) && typed->count > 0 && typed->extension_count == 0) {
        typed->in_extension = true;
        return CHINA_FINE;
    }
    return CHINA_CHARACTER;
}

static enum china_refusal scan(struct text text, struct typed *typed)
{
    for (size_t at = 0; at < text.bytes;) {
        int32_t character = utf8_next(text, &at);
        enum china_refusal refusal =
            character < 0 ? CHINA_NO_UTF8 : take(typed, utf8_half_width(character));

        if (refusal)
            return refusal;
    }
    if (typed->count == 0)
        return CHINA_EMPTY;
    return typed->in_extension && typed->extension_count == 0 ? CHINA_LENGTH : CHINA_FINE;
}

static void drop_first(struct typed *typed, size_t digits)
{
    memmove(typed->digits, typed->digits + digits, typed->count - digits + 1);
    typed->count -= digits;
    for (size_t i = 0; i < typed->break_count; i++)
        typed->breaks[i] -= typed->breaks[i] < digits ? typed->breaks[i] : digits;
}

static bool begins(const struct typed *typed, const char *with)
{
    return strncmp(typed->digits, with, strlen(with)) == 0;
}

static bool is_between(char digit, char low, char high)
{
    return digit >= low && digit <= high;
}

static bool is_mobile(const char *digits, size_t count)
{
    return count == 11 && digits[0] == '1' && is_between(digits[1], '3', '9');
}

static bool is_shared(const char *digits, size_t count)
{
    return count == 10 && (strncmp(digits, "400", 3) == 0 || strncmp(digits, "800", 3) == 0);
}

/* 110, 114, 119, 120 and their like; 10086, 11185, 12315; 116114. Four digits are no number. */
static bool is_short(const char *digits, size_t count)
{
    static const char *const three[] = {"110", "112", "114", "117", "119", "120", "121", "122"};

    for (size_t i = 0; count == 3 && i < sizeof(three) / sizeof(three[0]); i++)
        if (memcmp(digits, three[i], 3) == 0)
            return true;
    if (count == 6)
        return strncmp(digits, "116", 3) == 0 || strncmp(digits, "118", 3) == 0;
    return count == 5 && digits[0] == '1' && is_between(digits[1], '0', '2');
}

static bool is_service(const char *digits, size_t count)
{
    if (digits[0] == '9' && digits[1] == '5')
        return count >= 5 && count <= 8;
    if (digits[0] == '9' && digits[1] == '6')
        return count == 5 || count == 6;
    return is_short(digits, count);
}

/* Two digits for Beijing and 02x, whose local numbers have eight; else three, and seven or eight.
 */
static size_t area_digits(const char *national)
{
    if (national[0] == '2' || (national[0] == '1' && national[1] == '0'))
        return 2;
    return is_between(national[0], '3', '9') ? 3 : 0;
}

/* Without the trunk's 0. */
static bool is_landline(const char *national, size_t count)
{
    size_t area = area_digits(national);

    if (area == 0 || count < area + (area == 2 ? 8 : 7) || count > area + 8)
        return false;
    return is_between(national[area], '2', '8');
}

static void put_number(struct china_phone *phone, enum china_phone_kind kind, const char *prefix,
                       const char *digits, size_t count)
{
    size_t used = strlen(prefix);

    *phone = (struct china_phone){.kind = kind};
    memcpy(phone->number, prefix, used);
    memcpy(phone->number + used, digits, count);
}

/* `is_abroad`: dialled with the country's code, so that the trunk's 0 may be left out. */
static bool classify(const char *digits, size_t count, bool is_abroad, struct china_phone *phone)
{
    bool has_trunk = digits[0] == '0';

    if (is_mobile(digits, count))
        put_number(phone, CHINA_PHONE_MOBILE, "+86", digits, count);
    else if (is_shared(digits, count))
        put_number(phone, CHINA_PHONE_SHARED, "+86", digits, count);
    else if (is_service(digits, count))
        put_number(phone, CHINA_PHONE_SERVICE, "", digits, count);
    else if ((has_trunk || is_abroad) && is_landline(digits + has_trunk, count - has_trunk))
        put_number(phone, CHINA_PHONE_LANDLINE, "+86", digits + has_trunk, count - has_trunk);
    else
        return false;
    return true;
}

/*
 * 0871-63112233-801: what follows the last hyphen is an extension when the rest is a number and the
 * whole is none, or when a full local number stands between two hyphens.
 */
static bool classify_with_hyphen(const struct typed *typed, bool is_abroad,
                                 struct china_phone *phone)
{
    if (typed->break_count == 0 || typed->in_extension)
        return false;

    size_t head = typed->breaks[typed->break_count - 1];
    size_t before = typed->break_count > 1 ? typed->breaks[typed->break_count - 2] : head;
    size_t tail = typed->count - head;
    char digits[DIGITS + 1] = "";
    struct china_phone whole;

    if (head == 0 || tail == 0 || tail > EXTENSION)
        return false;
    if (head - before < 7 && classify(typed->digits, typed->count, is_abroad, &whole))
        return false;
    memcpy(digits, typed->digits, head);
    if (!classify(digits, head, is_abroad, phone))
        return false;
    memcpy(phone->extension, typed->digits + head, tail);
    return true;
}

static enum china_refusal read_foreign(const struct typed *typed, struct china_phone *phone)
{
    if (typed->count < 8 || typed->count > 15)
        return CHINA_LENGTH;
    if (typed->digits[0] == '0')
        return CHINA_NO_NUMBER;
    put_number(phone, CHINA_PHONE_FOREIGN, "+", typed->digits, typed->count);
    memcpy(phone->extension, typed->extension, typed->extension_count);
    return CHINA_FINE;
}

/* Why the digits are no number of ours. */
static enum china_refusal why_none(const struct typed *typed)
{
    size_t count = typed->count;

    if ((count == 7 || count == 8) && is_between(typed->digits[0], '2', '8'))
        return CHINA_AREA;
    if (typed->digits[0] == '1' && is_between(typed->digits[1], '3', '9'))
        return CHINA_LENGTH;
    if (typed->digits[0] == '0' && area_digits(typed->digits + 1))
        return CHINA_LENGTH;
    return CHINA_NO_NUMBER;
}

enum china_refusal china_read_phone(struct text text, struct china_phone *phone)
{
    struct typed typed = {0};
    enum china_refusal refusal = scan(text, &typed);
    bool is_abroad = typed.has_plus;

    if (refusal)
        return refusal;
    if (!is_abroad && begins(&typed, "00")) {
        drop_first(&typed, 2);
        is_abroad = true;
    }
    if (is_abroad && !begins(&typed, "86"))
        return read_foreign(&typed, phone);
    /* 8613800000001: no number of ours begins with 86 and is that long. */
    if (is_abroad || (begins(&typed, "86") && is_mobile(typed.digits + 2, typed.count - 2)))
        drop_first(&typed, 2);
    if (classify_with_hyphen(&typed, is_abroad, phone))
        return CHINA_FINE;
    if (!classify(typed.digits, typed.count, is_abroad, phone))
        return why_none(&typed);
    memcpy(phone->extension, typed.extension, typed.extension_count);
    return CHINA_FINE;
}

bool china_is_shared_phone(const struct china_phone *phone)
{
    return phone->kind == CHINA_PHONE_SHARED || phone->kind == CHINA_PHONE_SERVICE ||
           (phone->kind == CHINA_PHONE_LANDLINE && phone->extension[0]);
}

static void put_masked(char *out, const char *from, size_t head, const char *tail)
{
    memcpy(out, from, head);
    memcpy(out + head, "****", 4);
    memcpy(out + head + 4, tail, strlen(tail) + 1);
}

void china_mask_phone(const char *number, char out[CHINA_MASK_BYTES])
{
    const char *national = strncmp(number, "+86", 3) == 0 ? number + 3 : number;
    size_t count = strlen(national);

    memset(out, 0, CHINA_MASK_BYTES);
    if (is_mobile(national, count)) {
        put_masked(out, national, 3, national + 7);
    } else if (is_shared(national, count) || is_service(national, count)) {
        memcpy(out, national, count); /* nobody's own */
    } else if (national != number && is_landline(national, count)) {
        size_t area = area_digits(national);

        out[0] = '0';
        put_masked(out + 1, national, area, national + count - (count - area == 8 ? 4 : 3));
    } else if (count >= 8) {
        put_masked(out, number, 3, national + count - 2);
    } else {
        put_masked(out, number, 0, "");
    }
}

void china_last_four(const char *number, char out[5])
{
    size_t count = strlen(number);

    memset(out, 0, 5);
    memcpy(out, number + (count > 4 ? count - 4 : 0), count > 4 ? 4 : count);
}
