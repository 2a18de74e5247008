/*
 * Two documents of one type, field by field, from their descriptor: what is added to a policy is
 * compared without a line of code here.
 */
#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "common/descriptor.h"
#include "services/customers/codec/codec_policy.h"

/* One comparison on its way; elements of lists are compared under their prefix. */
struct comparing {
    struct arena *arena;
    struct codec_policy_changes *out;
    size_t room;
};

static const void *member(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

/* GRADE_METHOD_RANK of GradeMethod is "rank". */
static const char *enum_text(const ProtobufCEnumDescriptor *type, int number, struct arena *arena)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
    const char *name = value ? value->name : NULL;

    if (!name)
        return arena_print(arena, "%d", number);
    /* The prefix is the type's name with an underscore before each capital. */
    for (const char *c = type->short_name; *c && *name; c++)
        name += 1 + (isupper((unsigned char)*c) && c != type->short_name);
    if (*name == '_')
        name++;
    char *text = arena_copy_text(arena, name, strlen(name));

    for (char *c = text; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return text;
}

static const char *value_text(const ProtobufCFieldDescriptor *field, const void *at,
                              struct arena *arena)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
        return arena_print(arena, "%" PRId64, *(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
        return arena_print(arena, "%" PRIu32, *(const uint32_t *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)at ? "true" : "false";
    case PROTOBUF_C_TYPE_ENUM:
        return enum_text(field->descriptor, *(const int *)at, arena);
    case PROTOBUF_C_TYPE_STRING:
        return *(char *const *)at;
    default:
        assert(!"policies hold fields of these types only");
        return "";
    }
}

/* Texts of a list with a comma between them; in a policy a list of texts is a set of words. */
static const char *words_text(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field, struct arena *arena)
{
    char *const *list = *(char *const *const *)member(message, field->offset);
    size_t count = *(const size_t *)member(message, field->quantifier_offset);
    const char *text = "";

    for (size_t i = 0; i < count && text; i++)
        text = arena_print(arena, "%s%s%s", text, i > 0 ? ", " : "", list[i]);
    return text;
}

static bool is_default(const ProtobufCFieldDescriptor *field, const void *at)
{
    static const char zeros[16];

    if (field->type == PROTOBUF_C_TYPE_STRING)
        return **(char *const *)at == '\0';
    return memcmp(at, zeros, descriptor_value_bytes(field->type)) == 0;
}

static void add(struct comparing *c, const char *field, const char *from, const char *to)
{
    struct codec_policy_changes *out = c->out;

    if (out->count == c->room) {
        size_t room = c->room ? 2 * c->room : 16;
        struct codec_policy_change *list = arena_take_array(c->arena, room, sizeof(*list));

        if (!list)
            return; /* the arena says so at the end */
        if (out->count)
            memcpy(list, out->list, out->count * sizeof(*list));
        out->list = list;
        c->room = room;
    }
    out->list[out->count++] = (struct codec_policy_change){field, from, to};
}

/* The text of a message's field; of an element "" where it is unset, and of no message at all. */
static const char *text_of(struct comparing *c, const ProtobufCMessage *message,
                           const ProtobufCFieldDescriptor *field, bool is_element)
{
    const void *at = message ? member(message, field->offset) : NULL;

    if (message && field->label == PROTOBUF_C_LABEL_REPEATED)
        return words_text(message, field, c->arena);
    if (!at || (is_element && is_default(field, at)))
        return "";
    return value_text(field, at, c->arena);
}

static void compare_value(struct comparing *c, const char *prefix,
                          const ProtobufCFieldDescriptor *field, const ProtobufCMessage *from,
                          const ProtobufCMessage *to)
{
    bool is_element = prefix[0] != '\0';
    const char *before = text_of(c, from, field, is_element);
    const char *after = text_of(c, to, field, is_element);

    if (before && after && strcmp(before, after) != 0)
        add(c, arena_print(c->arena, "%s%s", prefix, field->name), before, after);
}

struct elements {
    ProtobufCMessage **list;
    size_t count;
};

static struct elements elements_of(const ProtobufCMessage *message,
                                   const ProtobufCFieldDescriptor *field)
{
    return (struct elements){
        *(ProtobufCMessage * *const *)member(message, field->offset),
        *(const size_t *)member(message, field->quantifier_offset),
    };
}

static const char *key_of(const ProtobufCMessage *element)
{
    assert(element->descriptor->fields[0].type == PROTOBUF_C_TYPE_STRING);
    return *(char *const *)member(element, element->descriptor->fields[0].offset);
}

static const ProtobufCMessage *find_element(const struct elements *elements, const char *key)
{
    for (size_t i = 0; i < elements->count; i++)
        if (strcmp(key_of(elements->list[i]), key) == 0)
            return elements->list[i];
    return NULL;
}

/* Two elements of one key; NULL: there is none on that side, which the key itself tells. */
static void compare_element(struct comparing *c, const ProtobufCFieldDescriptor *field,
                            const ProtobufCMessage *from, const ProtobufCMessage *to)
{
    const ProtobufCMessageDescriptor *type = field->descriptor;
    const char *prefix = arena_print(c->arena, "%s[%s].", field->name, key_of(from ? from : to));

    for (unsigned i = 0; prefix && i < type->n_fields; i++)
        compare_value(c, prefix, &type->fields[i], from, to);
}

static void compare_list(struct comparing *c, const ProtobufCFieldDescriptor *field,
                         const ProtobufCMessage *from, const ProtobufCMessage *to)
{
    struct elements before = elements_of(from, field), after = elements_of(to, field);

    for (size_t i = 0; i < before.count; i++)
        compare_element(c, field, before.list[i], find_element(&after, key_of(before.list[i])));
    for (size_t i = 0; i < after.count; i++)
        if (!find_element(&before, key_of(after.list[i])))
            compare_element(c, field, NULL, after.list[i]);
}

bool codec_policy_compare(const ProtobufCMessage *from, const ProtobufCMessage *to,
                          struct arena *arena, struct codec_policy_changes *out)
{
    struct comparing c = {.arena = arena, .out = out};

    assert(from->descriptor == to->descriptor);
    *out = (struct codec_policy_changes){NULL, 0};
    for (unsigned i = 0; i < from->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &from->descriptor->fields[i];

        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            compare_list(&c, field, from, to);
        else
            compare_value(&c, "", field, from, to);
    }
    return !arena_is_full(arena);
}
