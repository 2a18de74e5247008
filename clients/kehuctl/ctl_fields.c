/* See ctl_fields.h. */
#include "ctl_fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/pure/uuid.h"
#include "ctl_line.h"
#include "ctl_words.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "kehu/customers/v1/people.pb-c.h"

#define HANDLE 6
#define MAX_COLUMNS 12

/* --- options into messages --- */

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessage *message, const char *option)
{
    char name[64];

    snprintf(name, sizeof(name), "%s", option + strspn(option, "-"));
    for (char *c = name; *c; c++)
        if (*c == '-')
            *c = '_';
    return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

static void *place_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)message + field->offset;
}

/* "yes" of ANSWER_YES: what follows the beginning that all values of the enum share. */
static const char *short_name(const ProtobufCEnumDescriptor *descriptor, unsigned i)
{
    const char *none = descriptor->values[0].name;
    size_t common = strlen(none) - strlen("UNSPECIFIED");

    return descriptor->values[i].name + common;
}

static int read_enum(struct ctl *ctl, const char *option, const char *value,
                     const ProtobufCEnumDescriptor *descriptor)
{
    const char *all = "";

    for (unsigned i = 1; i < descriptor->n_values; i++) {
        if (strcasecmp(short_name(descriptor, i), value) == 0)
            return descriptor->values[i].value;
        all = arena_print(ctl->arena, "%s%s%s", all, i > 1 ? ", " : "", short_name(descriptor, i));
    }
    ctl_usage(ctl, "%s must be one of %s, not \"%s\"", option, ctl_lower(ctl, all), value);
}

static unsigned long long read_number(struct ctl *ctl, const char *option, const char *value)
{
    char *end;

    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);

    if (errno || end == value || *end || value[0] == '-')
        ctl_usage(ctl, "%s must be a whole number, not \"%s\"", option, value);
    return number;
}

static void append(struct ctl *ctl, ProtobufCMessage *message,
                   const ProtobufCFieldDescriptor *field, const char *value)
{
    size_t *count = (size_t *)((char *)message + field->quantifier_offset);
    char ***list = place_of(message, field);
    char **more = arena_take_array(ctl->arena, *count + 1, sizeof(*more));

    if (*count > 0)
        memcpy(more, *list, *count * sizeof(*more));
    more[(*count)++] = (char *)value;
    *list = more;
}

static void fill(struct ctl *ctl, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                 const char *option, const char *value)
{
    void *place = place_of(message, field);

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        if (field->type == PROTOBUF_C_TYPE_STRING)
            append(ctl, message, field, value);
        return;
    }
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = (char *)value;
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)place = true;
        break;
    case PROTOBUF_C_TYPE_UINT32:
        *(uint32_t *)place = (uint32_t)read_number(ctl, option, value);
        break;
    case PROTOBUF_C_TYPE_UINT64:
        *(uint64_t *)place = read_number(ctl, option, value);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)place = read_enum(ctl, option, value, field->descriptor);
        break;
    default:
        break;
    }
}

void ctl_fields_fill(struct ctl *ctl, ProtobufCMessage *message)
{
    for (size_t i = 0; i < ctl->line->option_count; i++) {
        const ProtobufCFieldDescriptor *field = field_of(message, ctl->line->names[i]);

        if (field)
            fill(ctl, message, field, ctl->line->names[i], ctl->line->values[i]);
    }
}

/* --- messages as text --- */

static const char *enum_text(struct ctl *ctl, const ProtobufCEnumDescriptor *descriptor, int value)
{
    char *text;

    for (unsigned i = 0; i < descriptor->n_values; i++)
        if (descriptor->values[i].value == value && value != 0) {
            text = arena_print(ctl->arena, "%s", short_name(descriptor, i));
            for (char *c = text; c && *c; c++)
                if (*c >= 'A' && *c <= 'Z')
                    *c = (char)(*c - 'A' + 'a');
            return text;
        }
    return "";
}

static const char *list_text(struct ctl *ctl, const ProtobufCMessage *message,
                             const ProtobufCFieldDescriptor *field)
{
    size_t count = *(const size_t *)((const char *)message + field->quantifier_offset);
    char **list = *(char ***)place_of(message, field);
    const char *all = "";

    if (field->type != PROTOBUF_C_TYPE_STRING)
        return arena_print(ctl->arena, "%zu", count);
    for (size_t i = 0; i < count; i++)
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", list[i]);
    return all;
}

const char *ctl_fields_text(struct ctl *ctl, const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    const void *place = field ? place_of(message, field) : NULL;
    size_t length = strlen(name);

    if (!field)
        return "";
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return list_text(ctl, message, field);
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        if (length > 3 && strcmp(name + length - 3, "_id") == 0)
            return ctl_fields_handle(*(char *const *)place);
        return *(char *const *)place;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)place ? "yes" : "";
    case PROTOBUF_C_TYPE_UINT32:
        return arena_print(ctl->arena, "%u", *(const uint32_t *)place);
    case PROTOBUF_C_TYPE_UINT64:
        return arena_print(ctl->arena, "%llu", (unsigned long long)*(const uint64_t *)place);
    case PROTOBUF_C_TYPE_INT64:
        return ctl_decimal(ctl, *(const int64_t *)place);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_text(ctl, field->descriptor, *(const int *)place);
    case PROTOBUF_C_TYPE_MESSAGE:
        if (field->descriptor == &google__protobuf__timestamp__descriptor)
            return ctl_local_time(ctl, *(Google__Protobuf__Timestamp *const *)place);
        return "";
    default:
        return "";
    }
}

void ctl_fields_print_table(struct ctl *ctl, ProtobufCMessage *const *rows, size_t count,
                            const struct ctl_column *columns, size_t column_count)
{
    const char *headings[MAX_COLUMNS], *cells[MAX_COLUMNS];
    bool right[MAX_COLUMNS];
    struct ctl_table *table;

    if (count == 0)
        return;
    for (size_t k = 0; k < column_count && k < MAX_COLUMNS; k++) {
        headings[k] = columns[k].heading;
        right[k] = columns[k].is_right;
    }
    table = ctl_table_new(ctl, headings, right, column_count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < column_count && k < MAX_COLUMNS; k++)
            cells[k] = ctl_fields_text(ctl, rows[i], columns[k].field);
        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

void ctl_fields_print_card(struct ctl *ctl, const ProtobufCMessage *message,
                           const struct ctl_column *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = ctl_fields_text(ctl, message, lines[i].field);

        if (text[0])
            printf("  %s %s\n", ctl_padded(ctl, ctl_heading(ctl, lines[i].heading), 14), text);
    }
}

ProtobufCMessage *ctl_fields_ask(struct ctl *ctl, const ProtobufCMessage *question,
                                 const ProtobufCMessageDescriptor *reply, int *code)
{
    ProtobufCMessage *answer = ctl_ask(ctl, question, reply, code);

    if (answer && ctl->json) {
        ctl_print_json(ctl, ctl_json_message(answer));
        *code = CTL_DONE;
        return NULL;
    }
    return answer;
}

/* --- who is meant --- */

const char *ctl_fields_handle(const char *id)
{
    size_t length = strlen(id);

    return length > HANDLE ? id + length - HANDLE : id;
}

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* The one whose name it is, else the only one whose name begins so. */
static char *choose(const Kehu__Customers__V1__ContactList *list, const char *name, size_t *matches)
{
    char *found = NULL;

    *matches = 0;
    for (int exact = 1; exact >= 0 && *matches == 0; exact--)
        for (size_t i = 0; i < list->n_contacts; i++)
            if (exact ? strcmp(list->contacts[i]->name, name) == 0
                      : begins(list->contacts[i]->name, name)) {
                found = list->contacts[i]->contact_id;
                ++*matches;
            }
    return found;
}

char *ctl_fields_contact(struct ctl *ctl, const char *contact, int *code)
{
    Kehu__Customers__V1__ListContacts ask = KEHU__CUSTOMERS__V1__LIST_CONTACTS__INIT;
    const char *slash = strchr(contact, '/');
    struct id id;
    size_t matches;

    if (uuid_parse(contact, strlen(contact), &id))
        return (char *)contact;
    if (!slash || slash == contact || !slash[1])
        ctl_usage(ctl, "%s", CTL_CONTACT_FORMS);
    ask.customer_ref = arena_copy_text(ctl->arena, contact, (size_t)(slash - contact));
    ask.page_size = 200;
    Kehu__Customers__V1__ContactList *list = (Kehu__Customers__V1__ContactList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__contact_list__descriptor, code);

    if (!list)
        return NULL;
    char *found = choose(list, slash + 1, &matches);

    if (matches == 1)
        return found;
    *code = CTL_REFUSED;
    if (matches > 1)
        ctl_say("%zu contacts of %s are called so: give the id (contact list --json shows it)",
                matches, ask.customer_ref);
    else
        ctl_say("no contact of %s has a name that begins with %s", ask.customer_ref, slash + 1);
    return NULL;
}

char *ctl_fields_whole_id(ProtobufCMessage *const *rows, size_t count, const char *field,
                          const char *handle, int *code)
{
    char *found = NULL;
    size_t matches = 0, length = strlen(handle);

    for (size_t i = 0; i < count; i++) {
        const ProtobufCFieldDescriptor *place =
            protobuf_c_message_descriptor_get_field_by_name(rows[i]->descriptor, field);
        char *id = *(char **)((char *)rows[i] + place->offset);

        if (strlen(id) >= length && length > 0 && strcmp(id + strlen(id) - length, handle) == 0) {
            found = id;
            matches++;
        }
    }
    if (matches == 1)
        return found;
    *code = CTL_REFUSED;
    if (matches)
        ctl_say("%zu ids end with %s: give more of the one that is meant", matches, handle);
    else
        ctl_say("nothing here has an id that ends with %s (%zu were looked at): give one as it is "
                "shown, or the whole id",
                handle, count);
    return NULL;
}
