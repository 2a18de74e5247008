/*
 * Any text as the JSON of any message: the first line names the message. What is accepted must
 * come back the same when it is printed and read again.
 */
#include "common/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check_again(const ProtobufCMessage *message, struct arena *arena)
{
    ProtobufCMessage *again = NULL;
    char why[64];
    json_t *json = json_from_message(message, false, registry_find);

    assert(json);
    /* Printing nests an Any that was given in base64, so what is printed may be too deep to be
     * read. */
    if (json_to_message(json, message->descriptor, arena, registry_find, &again, why,
                        sizeof(why)) == OK) {
        json_t *second = json_from_message(again, false, registry_find);

        assert(json_equal(json, second));
        json_decref(second);
    }
    json_decref(json);
}

/* The message named by the first line, which keeps a corpus good when messages are added. */
static const ProtobufCMessageDescriptor *take_type(const uint8_t **bytes, size_t *count)
{
    const uint8_t *end = *count > 0 ? memchr(*bytes, '\n', *count) : NULL;
    size_t length = end ? (size_t)(end - *bytes) : 0;
    char name[128];

    if (!end || length >= sizeof(name))
        return NULL;
    memcpy(name, *bytes, length);
    name[length] = '\0';
    *bytes += length + 1;
    *count -= length + 1;
    return registry_find(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const ProtobufCMessageDescriptor *descriptor = take_type(&bytes, &count);
    char why[64];
    ProtobufCMessage *message = NULL;

    if (!descriptor)
        return 0;

    json_t *json = json_loadb((const char *)bytes, count,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    struct arena *arena = arena_new(1 << 20);

    if (json &&
        json_to_message(json, descriptor, arena, registry_find, &message, why, sizeof(why)) == OK)
        check_again(message, arena);
    json_decref(json);
    arena_free(arena);
    return 0;
}
