/* Messages as tables; see command_owner.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command_owner.h"
#include "google/protobuf/timestamp.pb-c.h"

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *type,
                                                  const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(type, name);
}

static const void *value_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->offset;
}

static const char *enum_name(struct ctl *ctl, const ProtobufCMessage *message, const char *field)
{
    json_t *json = ctl_json_message(message);
    const char *name = json_string_value(json_object_get(json, field));
    const char *copy = name ? arena_copy_text(ctl->arena, name, strlen(name)) : "";

    json_decref(json);
    return copy;
}

const char *command_owner_cell(struct ctl *ctl, const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = find_field(message->descriptor, name);
    const void *at = field ? value_of(message, field) : NULL;

    if (!at)
        return "";
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return *(char *const *)at;
    case PROTOBUF_C_TYPE_UINT32:
        return arena_print(ctl->arena, "%" PRIu32, *(const uint32_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
        return arena_print(ctl->arena, "%" PRIu64, *(const uint64_t *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)at ? "yes" : "";
    case PROTOBUF_C_TYPE_ENUM:
        return enum_name(ctl, message, name);
    case PROTOBUF_C_TYPE_MESSAGE:
        return ctl_local_time(ctl, *(Google__Protobuf__Timestamp *const *)at);
    default:
        return "";
    }
}

/* The elements of a repeated field. */
static ProtobufCMessage **elements(const ProtobufCMessage *message, const char *name, size_t *count)
{
    const ProtobufCFieldDescriptor *field = find_field(message->descriptor, name);

    *count = *(const size_t *)((const char *)message + field->quantifier_offset);
    return *(ProtobufCMessage * *const *)value_of(message, field);
}

static struct ctl_table *new_table(struct ctl *ctl, const struct command_owner_column *columns,
                                   size_t count)
{
    const char **headings = arena_take_array(ctl->arena, count, sizeof(*headings));
    bool *right = arena_take_array(ctl->arena, count, sizeof(*right));

    for (size_t i = 0; i < count; i++)
        headings[i] = columns[i].heading;
    return ctl_table_new(ctl, headings, right, count);
}

static void add_rows(struct ctl *ctl, struct ctl_table *table, const ProtobufCMessage *message,
                     const char *field, const struct command_owner_column *columns, size_t count)
{
    size_t row_count;
    ProtobufCMessage **rows = elements(message, field, &row_count);
    const char **cells = arena_take_array(ctl->arena, count, sizeof(*cells));

    for (size_t i = 0; i < row_count; i++) {
        for (size_t k = 0; k < count; k++)
            cells[k] = command_owner_cell(ctl, rows[i], columns[k].field);
        ctl_table_row(table, cells);
    }
}

void command_owner_table(struct ctl *ctl, const ProtobufCMessage *message, const char *field,
                         const struct command_owner_column *columns, size_t count)
{
    struct ctl_table *table = new_table(ctl, columns, count);

    add_rows(ctl, table, message, field, columns, count);
    ctl_table_print(table);
}

char *command_owner_text(const struct ctl *ctl, const char *option)
{
    const char *value = ctl_option(ctl, option);

    return (char *)(value ? value : "");
}

char **command_owner_rest(struct ctl *ctl, int from, size_t *count)
{
    char **list;

    *count = 0;
    while (ctl_argument(ctl, from + (int)*count))
        (*count)++;
    list = arena_take_array(ctl->arena, *count + 1, sizeof(*list));
    for (size_t i = 0; i < *count; i++)
        list[i] = (char *)ctl_argument(ctl, from + (int)i);
    return list;
}

int command_owner_list(struct ctl *ctl, const struct command_owner_list *list)
{
    const ProtobufCFieldDescriptor *token = find_field(list->question->descriptor, "page_token");
    struct ctl_table *table = ctl->json ? NULL : new_table(ctl, list->columns, list->column_count);
    json_t *array = ctl->json ? json_array() : NULL;
    const char *next = "";
    int code;

    do {
        ProtobufCMessage *page = ctl_ask(ctl, list->question, list->reply, &code);
        size_t count;

        if (!page) {
            json_decref(array);
            return code;
        }
        ProtobufCMessage **rows = elements(page, list->field, &count);

        for (size_t i = 0; ctl->json && i < count; i++)
            json_array_append_new(array, ctl_json_message(rows[i]));
        if (!ctl->json)
            add_rows(ctl, table, page, list->field, list->columns, list->column_count);
        next = command_owner_cell(ctl, page, "next_page_token");
        *(char **)((char *)list->question + token->offset) = (char *)next;
    } while (next[0] && ctl_option(ctl, "--all"));
    if (ctl->json) {
        ctl_print_json(ctl, array);
        return CTL_DONE;
    }
    ctl_table_print(table);
    if (next[0])
        ctl_say("there are more: --all shows them");
    return CTL_DONE;
}
