/*
 * The rules of fields as sentences: for refusals and for DescribeFields.
 */
#include <inttypes.h>

#include "common/pure/day.h"
#include "common/pure/decimal.h"
#include "services/customers/codec/codec_customer_file.h"

#define MILLION INT64_C(1000000)

void codec_file_fault(struct codec_file_faults *faults, const char *field, const char *why)
{
    if (faults->count == FILE_MAX_FAULTS)
        return;
    faults->list[faults->count].field = field ? field : "";
    faults->list[faults->count++].why = why ? why : ""; /* NULL: the arena is full */
}

static const char *number_rule(const struct field *field, struct arena *arena)
{
    bool is_integer = field->type == FIELDS_TYPE_INTEGER;
    char least[DECIMAL_TEXT_BYTES], most[DECIMAL_TEXT_BYTES];

    decimal_print(is_integer ? field->min * MILLION : field->min, least);
    decimal_print(is_integer ? field->max * MILLION : field->max, most);
    return arena_print(arena, "must be a %snumber from %s to %s in digits alone",
                       is_integer ? "whole " : "", least, most);
}

static const char *choice_rule(const struct field *field, struct arena *arena)
{
    const char *all = "must be one of";

    for (const char *const *choice = field->choices; *choice && all; choice++)
        all = arena_print(arena, "%s%s %s", all, choice == field->choices ? "" : ",", *choice);
    return all;
}

const char *codec_file_rule(const struct field *field, int32_t today, struct arena *arena)
{
    char latest[DAY_TEXT_BYTES];

    switch (field->type) {
    case FIELDS_TYPE_TEXT:
    case FIELDS_TYPE_NAME:
        return arena_print(arena, "must have 1 to %" PRId64 " characters", field->max);
    case FIELDS_TYPE_PHONE:
        return "must be a mobile (13800000001), a landline with its area code (0871-64321234, 转801 "
               "behind it), a 400, 800 or 95… number, or + and a country code";
    case FIELDS_TYPE_EMAIL:
        return "must be an e-mail address such as zhang.wei@example.com";
    case FIELDS_TYPE_CREDIT_CODE:
        return "must have 18 characters of 0-9 and A-Z without I O Z S V whose last one is the "
               "check, such as 91350100M000100Y43";
    case FIELDS_TYPE_INTEGER:
    case FIELDS_TYPE_DECIMAL:
        return number_rule(field, arena);
    case FIELDS_TYPE_DATE:
        day_print(today, latest);
        return arena_print(arena, "must be a day from 1900-01-01 to %s as YYYY-MM-DD", latest);
    case FIELDS_TYPE_CHOICE:
        return choice_rule(field, arena);
    }
    return "";
}

const char *codec_file_why(const struct field *field, enum fields_refusal refusal,
                           enum china_refusal detail, int32_t today, struct arena *arena)
{
    const char *rule = codec_file_rule(field, today, arena);

    switch (refusal) {
    case FIELDS_NO_NAME:
    case FIELDS_NO_PHONE:
    case FIELDS_NO_EMAIL:
    case FIELDS_NO_CREDIT_CODE:
        return arena_print(arena, "%s: it %s", china_refusal_text(detail), rule ? rule : "");
    case FIELDS_EMPTY:
        return arena_print(arena, "is empty: it %s", rule ? rule : "");
    case FIELDS_TOO_LONG:
        return arena_print(arena, "is too long: it %s", rule ? rule : "");
    case FIELDS_FINE:
    case FIELDS_NO_NUMBER:
    case FIELDS_NO_DAY:
    case FIELDS_NO_CHOICE:
        break;
    }
    return rule;
}
