#include "services/customers/domain/customer.h"

#include "common/pure/uuid.h"

#define NUMBER_DIGITS 6

/* Characters of UTF-8 that was checked before: every byte that does not continue one. */
static size_t count_characters(struct text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.bytes; i++)
        count += (text.at[i] & 0xc0) != 0x80;
    return count;
}

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

static bool parse_reference(struct text ref, struct customer_reference *out)
{
    size_t colon = 0;

    while (colon < ref.bytes && ref.at[colon] != ':')
        colon++;
    if (colon == ref.bytes)
        return false;

    struct text source = {ref.at, colon};
    struct text external_id = {ref.at + colon + 1, ref.bytes - colon - 1};

    if (source.bytes == 0 || count_characters(source) > CUSTOMER_MAX_SOURCE ||
        external_id.bytes == 0 || count_characters(external_id) > CUSTOMER_MAX_EXTERNAL_ID)
        return false;
    *out = (struct customer_reference){source, external_id};
    return true;
}

bool customer_ref_parse(struct text ref, struct customer_question *out)
{
    if (parse_number(ref, &out->number))
        out->kind = CUSTOMER_REF_NUMBER;
    else if (uuid_parse(ref.at, ref.bytes, &out->id))
        out->kind = CUSTOMER_REF_ID;
    else if (parse_reference(ref, &out->reference))
        out->kind = CUSTOMER_REF_REFERENCE;
    else
        return false;
    return true;
}

size_t customer_number_print(int64_t number, char out[CUSTOMER_NUMBER_BYTES])
{
    char backwards[CUSTOMER_NUMBER_BYTES];
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
