/* What the commands of complaints share; see command_complaint.h. */
#include "command_complaint.h"

#include <stdio.h>
#include <string.h>

#include "common/pure/decimal.h"
#include "common/pure/uuid.h"
#include "common/zones.h"
#include "ctl_fields.h"
#include "ctl_line.h"
#include "import_value.h"
#include "ctl_words.h"

#define INPUT_BYTES (1024 * 1024)

/* --- asking --- */

ProtobufCMessage *complaint_ask(struct ctl *ctl, const ProtobufCMessage *ask,
                                const ProtobufCMessageDescriptor *reply, int *code)
{
    ctl_is_zh(ctl); /* a wrong --lang is said before anything is done */
    ctl->violation_words = complaint_violation;
    return ctl_ask(ctl, ask, reply, code);
}

ProtobufCMessage *complaint_ask_shown(struct ctl *ctl, const ProtobufCMessage *ask,
                                      const ProtobufCMessageDescriptor *reply, int *code)
{
    ProtobufCMessage *answer = complaint_ask(ctl, ask, reply, code);

    if (answer && ctl->json) {
        ctl_print_json(ctl, ctl_json_message(answer));
        *code = CTL_DONE;
        return NULL;
    }
    return answer;
}

/* Only where closing is what comes next: earlier nearly everything is still missing. */
static bool is_near_its_end(Kehu__Complaints__V1__CaseState state)
{
    return state == KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_ANSWERED ||
           state == KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CONFIRMATION_DUE ||
           state == KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CONFIRMED;
}

static void print_conditions(struct ctl *ctl, const Kehu__Complaints__V1__CaseReply *reply)
{
    if (!is_near_its_end(reply->state))
        return;
    if (reply->n_open_conditions)
        printf("  %s:\n", complaint_word(ctl, WORDS_LABEL, "before closing"));
    for (size_t i = 0; i < reply->n_open_conditions; i++)
        printf("    %s\n", complaint_word(ctl, WORDS_CONDITION, reply->open_conditions[i]));
    if (reply->n_open_conditions == 0)
        printf("  %s\n", complaint_word(ctl, WORDS_LABEL, "may be closed"));
}

static void print_reply(struct ctl *ctl, const Kehu__Complaints__V1__CaseReply *reply)
{
    printf("%s  %s  %s: %s  %s %llu", reply->number,
           complaint_enum_word(ctl, WORDS_STATE, &kehu__complaints__v1__case_state__descriptor,
                               (int)reply->state),
           complaint_word(ctl, WORDS_LABEL, "priority"),
           complaint_enum_word(ctl, WORDS_PRIORITY, &kehu__complaints__v1__priority__descriptor,
                               (int)reply->priority),
           complaint_word(ctl, WORDS_LABEL, "version"), (unsigned long long)reply->version);
    if (reply->part_id[0]) /* of what was added, by which later commands name it */
        printf("  %s %s", complaint_word(ctl, WORDS_LABEL, "id"),
               ctl_fields_handle(reply->part_id));
    putchar('\n');
    if (reply->customer_unknown[0])
        printf(ctl_is_zh(ctl)
                   ? "  已登记;目前没有客户%s,客户出现后自动关联\n"
                   : "  recorded; no customer %s is known: it is linked when he appears\n",
               reply->customer_unknown);
    if (reply->joined)
        printf("  %s\n", complaint_word(ctl, WORDS_LABEL, "joined"));
    for (size_t i = 0; i < reply->n_possibly_same_as; i++)
        printf("%s%s%s", i ? ", " : "  ",
               i ? ""
                 : arena_print(ctl->arena,
                               "%s: ", complaint_word(ctl, WORDS_LABEL, "perhaps the same as")),
               reply->possibly_same_as[i]);
    if (reply->n_possibly_same_as)
        putchar('\n');
    print_conditions(ctl, reply);
}

int complaint_act(struct ctl *ctl, ProtobufCMessage *ask)
{
    const ProtobufCFieldDescriptor *ref =
        protobuf_c_message_descriptor_get_field_by_name(ask->descriptor, "ref");
    int code;

    ctl_fields_fill(ctl, ask);
    if (ref)
        *(const char **)((char *)ask + ref->offset) = ctl_argument(ctl, 0);
    Kehu__Complaints__V1__CaseReply *reply = (Kehu__Complaints__V1__CaseReply *)complaint_ask_shown(
        ctl, ask, &kehu__complaints__v1__case_reply__descriptor, &code);

    if (reply)
        print_reply(ctl, reply);
    return code;
}

/* --- what options say --- */

static char *read_input(struct ctl *ctl)
{
    char *text = arena_take(ctl->arena, INPUT_BYTES + 1);
    size_t bytes = text ? fread(text, 1, INPUT_BYTES + 1, stdin) : 0;

    if (!text || bytes > INPUT_BYTES)
        ctl_usage(ctl, "standard input holds more than 1 MiB");
    while (bytes > 0 && (text[bytes - 1] == '\n' || text[bytes - 1] == '\r'))
        bytes--;
    text[bytes] = '\0';
    if (memchr(text, '\0', bytes))
        ctl_usage(ctl, "standard input is no text: it holds a zero byte");
    return text;
}

char *complaint_text(struct ctl *ctl, const char *given)
{
    if (!given)
        return (char *)"";
    return strcmp(given, "-") == 0 ? read_input(ctl) : (char *)given;
}

char *complaint_option(const struct ctl *ctl, const char *option)
{
    const char *value = ctl_option(ctl, option);

    return (char *)(value ? value : "");
}

int64_t complaint_amount(struct ctl *ctl, const char *option)
{
    const char *text = ctl_option(ctl, option);
    int64_t micros = 0;

    if (text && (!decimal_parse(text, strlen(text), &micros) || micros < 0))
        ctl_usage(ctl, "%s must be an amount like 120 or 120.50, not \"%s\"", option, text);
    return micros;
}

Google__Protobuf__Timestamp *complaint_time(struct ctl *ctl, const char *option, int hour_of_day)
{
    const char *text = ctl_option(ctl, option);
    Google__Protobuf__Timestamp *at = arena_take(ctl->arena, sizeof(*at));
    struct zone *zone = arena_take(ctl->arena, sizeof(*zone));
    char why[300];
    int64_t at_us;

    if (!text)
        return NULL;
    if (!at || !zone || zones_load(ctl->zone, zone, why, sizeof(why)) != OK)
        ctl_usage(ctl, "the zone \"%s\" cannot be read", ctl->zone);
    if (strlen(text) == strlen("2026-11-22"))
        text = arena_print(ctl->arena, "%s %02d:00", text, hour_of_day);
    struct text moment = {text, strlen(text)};

    if (!import_value_moment(moment, zone, &at_us))
        ctl_usage(ctl,
                  "%s must be a time like \"2026-11-22 17:30\" or a day like 2026-11-22, not "
                  "\"%s\"",
                  option, ctl_option(ctl, option));
    google__protobuf__timestamp__init(at);
    at->seconds = at_us / SECOND_US;
    at->nanos = (int32_t)(at_us % SECOND_US * 1000);
    return at;
}

size_t complaint_enums(struct ctl *ctl, const char *option, const ProtobufCEnumDescriptor *type,
                       int *values)
{
    size_t count = 0, common = strlen(type->values[0].name) - strlen("UNSPECIFIED");
    const char *all = "";

    for (unsigned k = 1; k < type->n_values; k++)
        all = arena_print(ctl->arena, "%s%s%s", all, k > 1 ? ", " : "",
                          ctl_lower(ctl, type->values[k].name + common));
    for (size_t i = 0; i < ctl->line->option_count; i++) {
        unsigned k = 1;

        if (strcmp(ctl->line->names[i], option) != 0)
            continue;
        while (k < type->n_values &&
               strcmp(ctl_lower(ctl, type->values[k].name + common), ctl->line->values[i]) != 0)
            k++;
        if (k == type->n_values)
            ctl_usage(ctl, "%s must be one of %s, not \"%s\"", option, all, ctl->line->values[i]);
        values[count++] = type->values[k].value;
    }
    return count;
}

bool complaint_is_phone(const char *given)
{
    struct id id;

    return strspn(given, "+0123456789 ()-") == strlen(given) &&
           !uuid_parse(given, strlen(given), &id);
}

/* --- tables --- */

const char *complaint_line(struct ctl *ctl, const char *text)
{
    char *line = arena_copy_text(ctl->arena, text, strlen(text));

    for (char *c = line; c && *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return line ? line : "";
}

struct ctl_table *complaint_table(struct ctl *ctl, const char *const *labels, const bool *right,
                                  size_t columns)
{
    const char **headings = arena_take_array(ctl->arena, columns, sizeof(*headings));

    for (size_t i = 0; headings && i < columns; i++)
        headings[i] = complaint_word(ctl, WORDS_LABEL, labels[i]);
    return headings ? ctl_table_new(ctl, headings, right, columns) : NULL;
}

size_t complaint_most(struct ctl *ctl)
{
    long long top = ctl_integer(ctl, "--top", 50, 1, INT32_MAX);

    if (ctl_option(ctl, "--all") && ctl_option(ctl, "--top"))
        ctl_usage(ctl, "give --top or --all, not both");
    return ctl_option(ctl, "--all") ? SIZE_MAX : (size_t)top;
}
