/*
 * Decoding of any bytes as any message: the first line names the message. What is accepted must
 * hold only good text, and packed again it must be accepted again.
 */
#include "common/validate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

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
    char field[64], why[64];
    ProtobufCMessage *message = NULL, *again = NULL;

    if (!descriptor)
        return 0;

    struct arena *arena = arena_new(1 << 20);
    enum status status = validate_unpack(descriptor, arena_allocator(arena), bytes, count, &message,
                                         field, sizeof(field), why, sizeof(why));

    if (status == OK) {
        size_t packed = protobuf_c_message_get_packed_size(message);
        uint8_t *copy = malloc(packed + 1);

        assert(protobuf_c_message_pack(message, copy) == packed);
        assert(validate_unpack(descriptor, NULL, copy, packed, &again, field, sizeof(field), why,
                               sizeof(why)) == OK);
        protobuf_c_message_free_unpacked(again, NULL);
        free(copy);

        json_t *json = json_from_message(message, true, registry_find);

        assert(json);
        json_decref(json);
    } else {
        assert(strlen(field) < sizeof(field) && why[0] != '\0');
    }
    arena_free(arena);
    return 0;
}
