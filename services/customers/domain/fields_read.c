/*
 * Values of fields as people write them, into the form that is stored.
 */
#include <string.h>

#include "common/pure/day.h"
#include "common/pure/decimal.h"
#include "common/pure/utf8.h"
#include "services/customers/domain/fields.h"

#define GROWTH 64 /* what a short value may become: a phone with country code and extension */
#define OLDEST_DAY (-25567) /* 1900-01-01 */
#define MILLION INT64_C(1000000)
#define NARROW_BYTES 40

size_t fields_room(struct text value)
{
    return value.bytes + GROWTH;
}

static void keep(struct text value, char *out)
{
    memcpy(out, value.at, value.bytes);
    out[value.bytes] = '\0';
}

static enum fields_refusal read_phone(struct text value, char *out, enum china_refusal *detail)
{
    struct china_phone phone;
    size_t bytes;

    *detail = china_read_phone(value, &phone);
    if (*detail)
        return FIELDS_NO_PHONE;
    bytes = strlen(phone.number);
    memcpy(out, phone.number, bytes + 1);
    if (phone.extension[0]) {
        memcpy(out + bytes, " ext ", 5);
        memcpy(out + bytes + 5, phone.extension, strlen(phone.extension) + 1);
    }
    return FIELDS_FINE;
}

static enum fields_refusal read_email(struct text value, char *out, enum china_refusal *detail)
{
    char email[CHINA_EMAIL_BYTES];

    *detail = china_read_email(value, email);
    if (*detail)
        return FIELDS_NO_EMAIL;
    keep((struct text){email, strlen(email)}, out);
    return FIELDS_FINE;
}

/* Full width digits as half width ones; false: too long for a number or no UTF-8. */
static bool make_narrow(struct text value, char out[NARROW_BYTES])
{
    struct utf8_writer writer;
    size_t at = 0;

    utf8_open(&writer, out, NARROW_BYTES);
    while (at < value.bytes) {
        int32_t character = utf8_next(value, &at);

        if (character < 0)
            return false;
        utf8_put(&writer, utf8_half_width(character));
    }
    return !writer.overflowed;
}

static enum fields_refusal read_number(const struct field *field, struct text value, char *out)
{
    int64_t scale = field->type == FIELDS_TYPE_INTEGER ? MILLION : 1;
    char narrow[NARROW_BYTES];
    int64_t micros;

    if (!make_narrow(value, narrow) || !decimal_parse(narrow, strlen(narrow), &micros) ||
        micros % scale != 0 || micros < field->min * scale || micros > field->max * scale)
        return FIELDS_NO_NUMBER;
    decimal_print(micros, out);
    return FIELDS_FINE;
}

static enum fields_refusal read_day(struct text value, int32_t today, char *out)
{
    char narrow[NARROW_BYTES];
    int32_t day;

    if (!make_narrow(value, narrow) || !day_parse(narrow, strlen(narrow), &day) ||
        day < OLDEST_DAY || day > today)
        return FIELDS_NO_DAY;
    day_print(day, out);
    return FIELDS_FINE;
}

static enum fields_refusal read_choice(const struct field *field, struct text value, char *out)
{
    for (const char *const *choice = field->choices; *choice; choice++) {
        if (strlen(*choice) == value.bytes && memcmp(*choice, value.at, value.bytes) == 0) {
            keep(value, out);
            return FIELDS_FINE;
        }
    }
    return FIELDS_NO_CHOICE;
}

enum fields_refusal fields_read(const struct field *field, struct text value, int32_t today,
                                char *out, enum china_refusal *detail)
{
    struct text trimmed = utf8_trim(value);

    if (trimmed.bytes == 0)
        return FIELDS_EMPTY;
    switch (field->type) {
    case FIELDS_TYPE_TEXT:
        if (utf8_count(trimmed) > (size_t)field->max)
            return FIELDS_TOO_LONG;
        keep(trimmed, out);
        return FIELDS_FINE;
    case FIELDS_TYPE_NAME:
        *detail = china_read_name(trimmed, (int32_t)field->max, out, fields_room(value));
        return *detail ? FIELDS_NO_NAME : FIELDS_FINE;
    case FIELDS_TYPE_PHONE:
        return read_phone(trimmed, out, detail);
    case FIELDS_TYPE_EMAIL:
        return read_email(trimmed, out, detail);
    case FIELDS_TYPE_CREDIT_CODE:
        *detail = china_read_credit_code(trimmed, out);
        return *detail ? FIELDS_NO_CREDIT_CODE : FIELDS_FINE;
    case FIELDS_TYPE_INTEGER:
    case FIELDS_TYPE_DECIMAL:
        return read_number(field, trimmed, out);
    case FIELDS_TYPE_DATE:
        return read_day(trimmed, today, out);
    case FIELDS_TYPE_CHOICE:
        return read_choice(field, trimmed, out);
    }
    return FIELDS_EMPTY;
}
