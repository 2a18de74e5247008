#include "common/policy_document.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "common/validate.h"

#define MAX_REASON 500

static const ProtobufCFieldDescriptor *field_of(const struct policy_kinds *kinds, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(kinds->policy, name);

    assert(field);
    return field;
}

const ProtobufCFieldDescriptor *policy_document_field(const struct policy_kinds *kinds, int kind)
{
    const ProtobufCFieldDescriptor *field = field_of(kinds, kinds->names[kind]);

    assert(field->type == PROTOBUF_C_TYPE_MESSAGE);
    return field;
}

struct id policy_document_subject(const struct policy_kinds *kinds, int kind)
{
    const char *parts[] = {kinds->policy->name, "/", kinds->names[kind]};
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    struct id id;

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        crypto_hash_sha256_update(&state, (const unsigned char *)parts[i], strlen(parts[i]));
    crypto_hash_sha256_final(&state, hash);
    memcpy(id.bytes, hash, sizeof(id.bytes));
    id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0f));
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

enum status policy_document_read(const struct policy_kinds *kinds, int kind, const char *text,
                                 struct arena *arena, ProtobufCMessage **out)
{
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    char why[200];

    if (!json)
        return INVALID_ARGUMENT;
    enum status status = json_to_message(json, policy_document_field(kinds, kind)->descriptor,
                                         arena, registry_find, out, why, sizeof(why));

    json_decref(json);
    return status;
}

const char *policy_document_print(const ProtobufCMessage *document, struct arena *arena)
{
    json_t *json = json_from_message(document, false, registry_find);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    const char *copy = text ? arena_copy_text(arena, text, strlen(text)) : NULL;

    free(text);
    json_decref(json);
    return copy;
}

uint32_t policy_latest(const struct policy_rows *rows)
{
    return rows->count > 0 ? rows->list[0].version : 1;
}

const struct policy_row *policy_find(const struct policy_rows *rows, uint32_t version)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->list[i].version == version)
            return &rows->list[i];
    return NULL;
}

/* --- questions --- */

void policy_faults_add(struct policy_faults *faults, const char *field, const char *why)
{
    if (faults->count == POLICY_FAULTS)
        return;
    faults->list[faults->count].field = field ? field : "";
    faults->list[faults->count].why = why ? why : "";
    faults->count++;
}

enum status policy_faults_verdict(const struct policy_faults *faults, const struct arena *arena)
{
    if (arena_is_full(arena))
        return RESOURCE_EXHAUSTED;
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

enum status policy_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, struct policy_faults *faults,
                          ProtobufCMessage **out)
{
    char field[100], why[300];
    enum status status = validate_unpack(descriptor, arena_allocator(arena), payload, bytes, out,
                                         field, sizeof(field), why, sizeof(why));

    faults->count = 0;
    if (status == INVALID_ARGUMENT)
        policy_faults_add(faults, arena_copy_text(arena, field, strlen(field)),
                          arena_copy_text(arena, why, strlen(why)));
    return status;
}

int policy_read_kind(const struct policy_kinds *kinds, const char *name, const char *field,
                     struct arena *arena, struct policy_faults *faults)
{
    for (int kind = 1; kind <= kinds->count; kind++)
        if (strcmp(name, kinds->names[kind]) == 0)
            return kind;
    policy_faults_add(faults, field,
                      arena_print(arena, "%s: give %s",
                                  name[0] ? "is no kind of policy" : "is missing", kinds->said));
    return 0;
}

/* The kind whose document the policy carries; 0: it carries none. */
static int carried_kind(const struct policy_kinds *kinds, const ProtobufCMessage *policy)
{
    for (int kind = 1; policy && kind <= kinds->count; kind++) {
        const ProtobufCFieldDescriptor *field = policy_document_field(kinds, kind);

        /* Of a member of a oneof the quantifier is which member is there. */
        if (*(const uint32_t *)((const char *)policy + field->quantifier_offset) == field->id)
            return kind;
    }
    return 0;
}

int policy_read_document(const struct policy_kinds *kinds, const ProtobufCMessage *policy,
                         const char *path, struct arena *arena, struct policy_faults *faults,
                         ProtobufCMessage **out)
{
    int kind = carried_kind(kinds, policy);

    if (!kind) {
        policy_faults_add(faults, path,
                          arena_print(arena, "has no document: give %s", kinds->said));
        return 0;
    }
    const char *said = *(char *const *)((const char *)policy + field_of(kinds, "kind")->offset);

    if (said[0] && strcmp(said, kinds->names[kind]) != 0) {
        policy_faults_add(faults, arena_print(arena, "%s.kind", path),
                          "is not the kind of the document");
        return 0;
    }
    *out = *(ProtobufCMessage *const *)((const char *)policy +
                                        policy_document_field(kinds, kind)->offset);
    return kind;
}

void policy_check_reason(const char *reason, struct policy_faults *faults)
{
    size_t count = 0; /* characters of checked UTF-8 */

    for (const char *at = reason; *at; at++)
        count += (*at & 0xc0) != 0x80;
    if (count == 0)
        policy_faults_add(faults, "policy.reason",
                          "is missing: say in a sentence why the policy changes");
    if (count > MAX_REASON)
        policy_faults_add(faults, "policy.reason", "is longer than 500 characters");
}

enum flow policy_refuse_question(struct request *req, enum status status,
                                 const struct policy_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    return flow_refuse(req, status, "the policy or the question about it is not right");
}

enum flow policy_refuse_version(struct request *req, enum status status, const char *kind,
                                uint32_t version)
{
    switch (status) {
    case NOT_FOUND:
        return flow_refuse(req, status, "there is no version %" PRIu32 " of policy %s", version,
                           kind);
    case RESOURCE_EXHAUSTED:
        return flow_refuse(req, status, "the documents of policy %s need too much memory", kind);
    default:
        return flow_refuse(req, status, "a stored document of policy %s cannot be read", kind);
    }
}
