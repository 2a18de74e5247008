#include "services/customers/domain/duplicate.h"

#include <string.h>

#include "common/pure/china.h"
#include "services/customers/domain/duplicate_places.h"

#define KEY_BYTES 700

static const char *const names[DUPLICATE_REASONS] = {"credit_code", "phone", "email", "name"};

const char *duplicate_reason_name(enum duplicate_reason reason)
{
    for (unsigned i = 0; i < DUPLICATE_REASONS; i++)
        if (reason == (enum duplicate_reason)(1U << i))
            return names[i];
    return "";
}

unsigned duplicate_reason_of(struct text name)
{
    for (unsigned i = 0; i < DUPLICATE_REASONS; i++)
        if (strlen(names[i]) == name.bytes && memcmp(names[i], name.at, name.bytes) == 0)
            return 1U << i;
    return 0;
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* Bytes that both begin with, whole characters only. */
static size_t common_beginning(struct text a, struct text b)
{
    size_t most = a.bytes < b.bytes ? a.bytes : b.bytes;
    size_t count = 0;

    while (count < most && a.at[count] == b.at[count])
        count++;
    while (count > 0 && ((count < a.bytes && !begins_character(a.at[count])) ||
                         (count < b.bytes && !begins_character(b.at[count]))))
        count--;
    return count;
}

static size_t common_end(struct text a, struct text b)
{
    size_t most = a.bytes < b.bytes ? a.bytes : b.bytes;
    size_t count = 0;

    while (count < most && a.at[a.bytes - 1 - count] == b.at[b.bytes - 1 - count])
        count++;
    while (count > 0 && !begins_character(a.at[a.bytes - count]))
        count--;
    return count;
}

bool duplicate_is_other_place(struct text a, struct text b)
{
    size_t first = common_beginning(a, b);
    struct text rest_a = {a.at + first, a.bytes - first}, rest_b = {b.at + first, b.bytes - first};
    size_t last = common_end(rest_a, rest_b);

    rest_a.bytes -= last;
    rest_b.bytes -= last;
    /* 云南 and 云阳 share their first character, 海口 and 汕头 nothing: the place may begin before
     * where the keys part, and end behind it. */
    for (size_t more = 0; more <= first && more <= 6; more++) {
        struct text from_a = {rest_a.at - more, rest_a.bytes + more};
        struct text from_b = {rest_b.at - more, rest_b.bytes + more};

        for (size_t behind = 0; behind <= last && behind <= 6; behind++) {
            struct text place_a = {from_a.at, from_a.bytes + behind};
            struct text place_b = {from_b.at, from_b.bytes + behind};

            if (duplicate_places_has(place_a) && duplicate_places_has(place_b))
                return true;
        }
    }
    return false;
}

unsigned duplicate_judge(const struct duplicate_pair *pair)
{
    char key_a[KEY_BYTES], key_b[KEY_BYTES];
    struct text a, b;

    if (pair->a.is_person != pair->b.is_person)
        return 0;
    if (pair->a.is_person)
        return pair->reasons & ~(unsigned)DUPLICATE_NAME;
    if (!china_make_company_key(pair->a.name, key_a, sizeof(key_a)) ||
        !china_make_company_key(pair->b.name, key_b, sizeof(key_b)))
        return pair->reasons & ~(unsigned)DUPLICATE_NAME;
    a = (struct text){key_a, strlen(key_a)};
    b = (struct text){key_b, strlen(key_b)};
    if (a.bytes > 0 && a.bytes == b.bytes && memcmp(a.at, b.at, a.bytes) == 0)
        return pair->reasons;
    if (china_is_branch(pair->a.name) || china_is_branch(pair->b.name) ||
        duplicate_is_other_place(a, b))
        return 0;
    return pair->reasons & ~(unsigned)DUPLICATE_NAME;
}
