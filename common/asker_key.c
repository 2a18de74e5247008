/* Reads a client's key file; see asker_key.h. */
#include "common/asker_key.h"

#include <jansson.h>
#include <zmq.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEY_FILE_BYTES 8192

static bool take_key(const json_t *json, const char *member, char out[ASKER_KEY_CHARS + 1])
{
    const char *text = json_string_value(json_object_get(json, member));
    uint8_t bytes[32];

    if (!text || strlen(text) != ASKER_KEY_CHARS || !zmq_z85_decode(bytes, text))
        return false;
    explicit_bzero(bytes, sizeof(bytes));
    memcpy(out, text, ASKER_KEY_CHARS + 1);
    return true;
}

bool asker_key_read(const char *file, struct asker_key *out, char *why, size_t why_bytes)
{
    static const char *const members[] = {"public", "secret", "server"};
    struct asker_key key;
    char *const places[] = {key.public_z85, key.secret_z85, key.server_z85};
    char content[KEY_FILE_BYTES];
    FILE *stream = fopen(file, "re");

    if (!stream) {
        snprintf(why, why_bytes, "cannot read the key file %s: %s", file, strerror(errno));
        return false;
    }
    size_t bytes = fread(content, 1, sizeof(content), stream);
    bool failed = ferror(stream) != 0;

    fclose(stream);

    json_t *json = failed ? NULL : json_loadb(content, bytes, JSON_REJECT_DUPLICATES, NULL);
    const char *missing = NULL;

    explicit_bzero(content, sizeof(content));
    for (size_t i = 0; i < 3 && json && !missing; i++)
        if (!take_key(json, members[i], places[i]))
            missing = members[i];
    if (!json)
        snprintf(why, why_bytes, "the key file %s is not JSON", file);
    else if (missing)
        snprintf(why, why_bytes, "the key file %s has no valid \"%s\" (40 characters of Z85)", file,
                 missing);
    else
        *out = key;
    explicit_bzero(&key, sizeof(key));
    bool good = json && !missing;

    json_decref(json);
    return good;
}
