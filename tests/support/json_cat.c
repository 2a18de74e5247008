/*
 * Maps between JSON and binary protobuf by a message's name, so that tests can compare our mapping
 * with another implementation. Asked one after the other, until the input ends:
 *
 *   "MESSAGE to-binary|to-json|to-json-all BYTES\n" and so many bytes
 *
 * and each is answered with "ok|failed BYTES\n" and so many bytes, of what failed the reason.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "common/validate.h"

#define INPUT_BYTES (1 << 20)
#define ARENA_BYTES (4 << 20)

static char why[300];

static int refuse(FILE *out, const char *field, const char *reason)
{
    fprintf(out, "%s%s%s", field, *field ? ": " : "", reason);
    return 1;
}

static int to_binary(const ProtobufCMessageDescriptor *descriptor, const char *bytes, size_t count,
                     struct arena *arena, FILE *out)
{
    json_error_t error;
    json_t *json = json_loadb(bytes, count, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    ProtobufCMessage *message = NULL;

    if (!json)
        return refuse(out, "", error.text);

    enum status status =
        json_to_message(json, descriptor, arena, registry_find, &message, why, sizeof(why));

    json_decref(json);
    if (status)
        return refuse(out, "", why);

    size_t packed = protobuf_c_message_get_packed_size(message);
    uint8_t *binary = malloc(packed + 1);

    protobuf_c_message_pack(message, binary);
    fwrite(binary, 1, packed, out);
    free(binary);
    return 0;
}

static int to_json(const ProtobufCMessageDescriptor *descriptor, const char *bytes, size_t count,
                   struct arena *arena, bool all, FILE *out)
{
    ProtobufCMessage *message = NULL;
    char field[200];

    if (validate_unpack(descriptor, arena_allocator(arena), (const uint8_t *)bytes, count, &message,
                        field, sizeof(field), why, sizeof(why)) != OK)
        return refuse(out, field, why);

    json_t *json = json_from_message(message, all, registry_find);

    json_dumpf(json, out, JSON_ENCODE_ANY);
    json_decref(json);
    return 0;
}

static int map(const char *name, const char *how, const char *bytes, size_t count, FILE *out)
{
    const ProtobufCMessageDescriptor *descriptor = registry_find(name);

    if (!descriptor)
        return refuse(out, name, "no such message");

    struct arena *arena = arena_new(ARENA_BYTES);
    int result = strcmp(how, "to-binary") == 0
                     ? to_binary(descriptor, bytes, count, arena, out)
                     : to_json(descriptor, bytes, count, arena, strcmp(how, "to-json") != 0, out);

    arena_free(arena);
    return result;
}

/* False: the input is over, or is none. */
static bool serve_one(void)
{
    char name[200], how[20];
    size_t count, answer_count = 0;

    if (scanf("%199s %19s %zu", name, how, &count) != 3 || getchar() != '\n' || count > INPUT_BYTES)
        return false;

    char *bytes = malloc(count + 1); /* of its very size: what reads beyond is found */
    char *answer = NULL;
    FILE *out = open_memstream(&answer, &answer_count);

    if (fread(bytes, 1, count, stdin) != count)
        exit(1);

    int result = map(name, how, bytes, count, out);

    fclose(out);
    printf("%s %zu\n", result ? "failed" : "ok", answer_count);
    fwrite(answer, 1, answer_count, stdout);
    fflush(stdout);
    free(answer);
    free(bytes);
    return true;
}

int main(void)
{
    while (serve_one())
        ;
    return 0;
}
