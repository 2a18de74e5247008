#include "common/pure/role.h"

#include <string.h>

static const char *const names[ROLES] = {
    "salesperson", "account_manager", "manager", "complaint_handler",
    "marketing",   "privacy_officer", "auditor", "directory",
};

unsigned role_of(struct text name)
{
    for (unsigned i = 0; i < ROLES; i++)
        if (strlen(names[i]) == name.bytes && memcmp(names[i], name.at, name.bytes) == 0)
            return 1U << i;
    return 0;
}

unsigned role_read(struct text list)
{
    unsigned roles = 0;

    for (size_t at = 0; at < list.bytes;) {
        const char *comma = memchr(list.at + at, ',', list.bytes - at);
        size_t bytes = comma ? (size_t)(comma - list.at) - at : list.bytes - at;

        roles |= role_of((struct text){list.at + at, bytes});
        at += bytes + 1;
    }
    return roles;
}

const char *role_name(enum role role)
{
    for (unsigned i = 0; i < ROLES; i++)
        if ((unsigned)role == 1U << i)
            return names[i];
    return "";
}

void role_print(unsigned roles, char out[ROLE_NAMES_BYTES])
{
    size_t bytes = 0;

    for (unsigned i = 0; i < ROLES; i++) {
        size_t length = strlen(names[i]);

        if (!(roles & 1U << i) || bytes + length + 3 > ROLE_NAMES_BYTES)
            continue;
        if (bytes > 0) {
            memcpy(out + bytes, ", ", 2);
            bytes += 2;
        }
        memcpy(out + bytes, names[i], length);
        bytes += length;
    }
    if (bytes == 0) {
        memcpy(out, "no role", 7);
        bytes = 7;
    }
    out[bytes] = '\0';
}
