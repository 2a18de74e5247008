#include "common/pure/customer_ref.h"

#include <string.h>

#include "common/pure/utf8.h"
#include "common/pure/uuid.h"

#define NUMBER_DIGITS 6

static bool parse_number(struct text ref, int64_t *number)
{
    int64_t value = 0;

    if (ref.bytes < 3 || (ref.at[0] != 'K' && ref.at[0] != 'k') ||
        (ref.at[1] != 'H' && ref.at[1] != 'h'))
        return false;
    for (size_t i = 2; i < ref.bytes; i++) {
        if (ref.at[i] < '0' || ref.at[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, ref.at[i] - '0', &value))
            return false;
    }
    *number = value;
    return value > 0;
}

static bool parse_external(struct text ref, struct customer_ref *out)
{
    const char *colon = ref.bytes > 0 ? memchr(ref.at, ':', ref.bytes) : NULL;

    if (!colon)
        return false;
    out->source = (struct text){ref.at, (size_t)(colon - ref.at)};
    out->external_id = (struct text){colon + 1, ref.bytes - out->source.bytes - 1};
    return out->source.bytes > 0 && utf8_count(out->source) <= CUSTOMER_REF_SOURCE_MAX &&
           out->external_id.bytes > 0 && utf8_count(out->external_id) <= CUSTOMER_REF_EXTERNAL_MAX;
}

bool customer_ref_parse(struct text ref, struct customer_ref *out)
{
    struct customer_ref read = {.kind = CUSTOMER_REF_NUMBER};

    if (!parse_number(ref, &read.number)) {
        read.kind =
            uuid_parse(ref.at, ref.bytes, &read.id) ? CUSTOMER_REF_ID : CUSTOMER_REF_EXTERNAL;
        if (read.kind == CUSTOMER_REF_EXTERNAL && !parse_external(ref, &read))
            return false;
    }
    *out = read;
    return true;
}

size_t customer_ref_print_number(int64_t number, char out[CUSTOMER_REF_NUMBER_BYTES])
{
    char backwards[CUSTOMER_REF_NUMBER_BYTES];
    size_t count = 0;
    size_t bytes = 0;

    while (number > 0 || count < NUMBER_DIGITS) {
        backwards[count++] = (char)('0' + number % 10);
        number /= 10;
    }
    out[bytes++] = 'K';
    out[bytes++] = 'H';
    while (count > 0)
        out[bytes++] = backwards[--count];
    out[bytes] = '\0';
    return bytes;
}
