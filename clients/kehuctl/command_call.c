/* kehuctl call: any method of the contract by hand, in canonical protobuf JSON both ways. */
#include "ctl.h"

#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "ctl_method.h"

#define NESTING_MAX 32

static const char *type_name(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return "int32";
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return "int64";
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return "uint32";
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return "uint64";
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return "number";
    case PROTOBUF_C_TYPE_BOOL:
        return "bool";
    case PROTOBUF_C_TYPE_ENUM:
        return ((const ProtobufCEnumDescriptor *)field->descriptor)->short_name;
    case PROTOBUF_C_TYPE_STRING:
        return "string";
    case PROTOBUF_C_TYPE_BYTES:
        return "base64";
    case PROTOBUF_C_TYPE_MESSAGE:
        return ((const ProtobufCMessageDescriptor *)field->descriptor)->short_name;
    }
    return "?";
}

/* recent_orders is recentOrders in JSON. */
static void camel(const char *name, char out[80])
{
    size_t length = 0;

    for (; *name && length < 79; name++) {
        bool upper = *name == '_' && name[1];

        name += upper;
        out[length++] = upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
    }
    out[length] = '\0';
}

static const char *shape_of(struct ctl *ctl, const ProtobufCMessageDescriptor *descriptor)
{
    const char *shape = "{";

    for (unsigned i = 0; i < descriptor->n_fields && shape; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
        char name[80];

        camel(field->name, name);
        shape = arena_print(ctl->arena, "%s%s%s: %s%s%s", shape, i ? ", " : "", name,
                            is_list ? "[" : "", type_name(field), is_list ? "]" : "");
    }
    return shape ? arena_print(ctl->arena, "%s}", shape) : "";
}

static int list_methods(struct ctl *ctl)
{
    static const char *const headings[] = {"method", "shape"};
    static const bool right[] = {false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, 2);
    const ProtobufCMessageDescriptor *descriptor;
    json_t *list = json_array();
    char name[160];

    for (size_t i = 0; ctl_method_at(i, name, &descriptor); i++) {
        const char *cells[] = {name, shape_of(ctl, descriptor)};

        ctl_table_row(table, cells);
        json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "method", name, "type",
                                              descriptor->name, "shape", cells[1]));
    }
    if (ctl->json) {
        ctl_print_json(ctl, list);
    } else {
        ctl_table_print(table);
        json_decref(list);
    }
    return CTL_DONE;
}

/* The question's JSON: the argument, standard input for "-", {} when there is none. */
static json_t *read_question(const struct ctl *ctl)
{
    const char *text = ctl_argument(ctl, 1);
    json_error_t error;
    json_t *json;

    if (!text)
        return json_object();
    if (strcmp(text, "-") == 0)
        json = json_loadf(stdin, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    else
        json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json)
        ctl_usage(ctl, "this is not JSON, line %d, column %d: %s", error.line, error.column,
                  error.text);
    return json;
}

static int print_answer(struct ctl *ctl, const struct ctl_answer *answer)
{
    const ProtobufCMessageDescriptor *descriptor = registry_find(answer->payload_type);
    ProtobufCMessage *message =
        descriptor ? protobuf_c_message_unpack(descriptor, arena_allocator(ctl->arena),
                                               answer->payload_bytes, answer->payload)
                   : NULL;
    json_t *json;

    if (!answer->payload_type[0])
        json = json_object();
    else if (message)
        json = json_from_message(message, ctl_option(ctl, "--all") != NULL, registry_find);
    else
        json = NULL;
    if (!json) {
        ctl_say("the answer is a \"%s\" that this program cannot read", answer->payload_type);
        return CTL_UNFINISHED;
    }
    json_dumpf(json, stdout, JSON_ENCODE_ANY | (ctl->json ? JSON_COMPACT : (size_t)JSON_INDENT(2)));
    putchar('\n');
    json_decref(json);
    return CTL_DONE;
}

static int run(struct ctl *ctl)
{
    ProtobufCMessage *message;
    struct ctl_answer answer;
    char why[400];
    int code;

    if (ctl_option(ctl, "--list"))
        return list_methods(ctl);
    if (!ctl_argument(ctl, 0))
        ctl_usage(ctl, "call needs SERVICE.Method; `kehuctl call --list` shows all");
    const ProtobufCMessageDescriptor *descriptor = ctl_method_find(ctl, ctl_argument(ctl, 0));
    json_t *json = read_question(ctl);
    enum status status =
        json_to_message(json, descriptor, ctl->arena, registry_find, &message, why, sizeof(why));

    json_decref(json);
    if (status != OK)
        ctl_usage(ctl, "%s: %s", descriptor->short_name, why);
    size_t bytes = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_take(ctl->arena, bytes);
    struct kehu_question question = {
        .type = descriptor->name,
        .id = ctl_option(ctl, "--id"),
        .source = ctl_option(ctl, "--source"),
        .subject = ctl_option(ctl, "--subject"),
        .actor = ctl_option(ctl, "--actor"),
        .payload = packed,
        .payload_bytes = bytes,
        .deadline_ms = (int)ctl_integer(ctl, "--deadline", ctl->timeout_ms / 1000, 1, 86400) * 1000,
    };

    if (!packed) {
        ctl_say("out of memory");
        return CTL_UNFINISHED;
    }
    protobuf_c_message_pack(message, packed);
    if (!ctl_ask_bytes(ctl, &question, &answer, &code))
        return code;
    return print_answer(ctl, &answer);
}

static const struct ctl_option options[] = {
    {"--list", NULL, "all methods with the fields of their questions", false},
    {"--subject", "SUBJECT", "what it is about: requests of one subject are worked off in order",
     false},
    {"--actor", "STAFF", "the same as --as", false},
    {"--source", "NAME", "who asks (default kehuctl)", false},
    {"--id", "ID", "the request's id: give the same again to repeat it (default: a new one)",
     false},
    {"--deadline", "SECONDS", "give up after (default: --timeout)", false},
    {"--all", NULL, "print fields with their default value too", false},
};

const struct ctl_command ctl_call = {
    .path = "call",
    .arguments = "SERVICE.Method ['{json}' | -]",
    .min_arguments = 0,
    .max_arguments = 2,
    .summary = "Ask a service anything in protobuf JSON",
    .help =
        "The question and the answer are canonical protobuf JSON; \"-\" reads the question from\n"
        "standard input. A refusal says the status, the reason and the fields on standard error\n"
        "and ends with 1.\n\n"
        "  kehuctl call customers.Ping\n"
        "  kehuctl call customers.GetCustomer '{\"ref\": \"uci:13085\"}'\n"
        "  kehuctl call customers.Publish - < batch.json\n"
        "  kehuctl call --list\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
