/*
 * Maps between JSON and binary protobuf by a message's name, so that tests can compare our mapping
 * with another implementation: json_cat MESSAGE to-binary|to-json [all] < in > out
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "common/validate.h"

#define INPUT_BYTES (16 << 20)

static char why[300];

static int to_binary(const ProtobufCMessageDescriptor *descriptor, const char *bytes, size_t count,
                     struct arena *arena)
{
    json_error_t error;
    json_t *json = json_loadb(bytes, count, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    ProtobufCMessage *message = NULL;

    if (!json) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }

    enum status status =
        json_to_message(json, descriptor, arena, registry_find, &message, why, sizeof(why));

    json_decref(json);
    if (status) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }

    size_t packed = protobuf_c_message_get_packed_size(message);
    uint8_t *out = malloc(packed + 1);

    protobuf_c_message_pack(message, out);
    fwrite(out, 1, packed, stdout);
    free(out);
    return 0;
}

static int to_json(const ProtobufCMessageDescriptor *descriptor, const char *bytes, size_t count,
                   struct arena *arena, bool all)
{
    ProtobufCMessage *message = NULL;
    char field[200];

    if (validate_unpack(descriptor, arena_allocator(arena), (const uint8_t *)bytes, count, &message,
                        field, sizeof(field), why, sizeof(why)) != OK) {
        fprintf(stderr, "%s: %s\n", field, why);
        return 1;
    }

    json_t *json = json_from_message(message, all, registry_find);

    json_dumpf(json, stdout, JSON_ENCODE_ANY);
    json_decref(json);
    return 0;
}

int main(int argc, char **argv)
{
    const ProtobufCMessageDescriptor *descriptor = argc > 2 ? registry_find(argv[1]) : NULL;

    if (!descriptor) {
        fprintf(stderr, "usage: json_cat MESSAGE to-binary|to-json [all]\n");
        return 2;
    }

    struct arena *arena = arena_new(INPUT_BYTES * 4);
    char *bytes = malloc(INPUT_BYTES);
    size_t count = fread(bytes, 1, INPUT_BYTES, stdin);
    int result = strcmp(argv[2], "to-binary") == 0
                     ? to_binary(descriptor, bytes, count, arena)
                     : to_json(descriptor, bytes, count, arena, argc > 3);

    free(bytes);
    arena_free(arena);
    return result;
}
