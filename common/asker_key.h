/*
 * The client's key file, as `kehuctl keys new` writes it:
 * {"name": "shop", "public": Z85, "secret": Z85, "server": Z85}. Never printed, wiped when no
 * longer needed.
 */
#ifndef KEHU_ASKER_KEY_H
#define KEHU_ASKER_KEY_H

#include <stdbool.h>
#include <stddef.h>

#define ASKER_KEY_CHARS 40

struct asker_key {
    char public_z85[ASKER_KEY_CHARS + 1];
    char secret_z85[ASKER_KEY_CHARS + 1];
    char server_z85[ASKER_KEY_CHARS + 1];
};

/* Reads the file. False: `why` says what is wrong with it, *out is untouched. */
bool asker_key_read(const char *file, struct asker_key *out, char *why, size_t why_bytes);

#endif
