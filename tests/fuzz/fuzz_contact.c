/*
 * What people type of a contact: the first byte chooses the field or the kind of channel. What is
 * taken is taken again in the form that is stored, and stays so; a mask fits its room.
 */
#include <assert.h>
#include <string.h>

#include "common/pure/salutation.h"
#include "services/customers/domain/contact.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

#define TODAY 20000
#define KINDS 8

static void read_field(enum contact_field field, struct text value)
{
    char first[CONTACT_VALUE_BYTES], second[CONTACT_VALUE_BYTES];

    if (contact_read(field, value, TODAY, first))
        return;
    assert(strlen(first) < CONTACT_VALUE_BYTES);
    assert(!contact_read(field, (struct text){first, strlen(first)}, TODAY, second));
    assert(strcmp(first, second) == 0);
}

static void read_channel(const char *kind, struct text value)
{
    struct contact_value first, second;
    char masked[CONTACT_VALUE_BYTES];

    if (contact_read_channel(kind, value, &first))
        return;
    assert(!contact_read_channel(kind, (struct text){first.value, strlen(first.value)}, &second));
    assert(strcmp(first.value, second.value) == 0 && strcmp(first.hashed, second.hashed) == 0);
    contact_mask(kind, first.value, masked);
    assert(strlen(masked) < CONTACT_VALUE_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct text value = {(const char *)bytes + 1, count > 0 ? count - 1 : 0};
    struct salutation_person person = {.name = value, .title = value};
    char out[SALUTATION_BYTES];

    if (count == 0 || memchr(value.at, '\0', value.bytes))
        return 0;
    if (bytes[0] % 2)
        read_field((enum contact_field)(bytes[0] / 2 % CONTACT_FIELDS), value);
    else
        read_channel(contact_kinds[bytes[0] / 2 % KINDS], value);
    contact_may_decide(value);
    salutation_make_zh(&person, out);
    salutation_make_en(&person, out);
    return 0;
}
