#include "services/customers/codec/codec_ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/domain/owner.h"
#include "services/customers/domain/staff.h"

#define MAX_TOKEN_BYTES 200

enum status codec_ask_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                             size_t bytes, struct arena *arena, struct codec_ask_fault *fault,
                             ProtobufCMessage **out)
{
    return validate_unpack(descriptor, arena_allocator(arena), payload, bytes, out, fault->field,
                           sizeof(fault->field), fault->why, sizeof(fault->why));
}

enum status codec_ask_refuse(struct codec_ask_fault *fault, const char *field, const char *format,
                             ...)
{
    va_list list;

    snprintf(fault->field, sizeof(fault->field), "%s", field);
    va_start(list, format);
    vsnprintf(fault->why, sizeof(fault->why), format, list);
    va_end(list);
    return INVALID_ARGUMENT;
}

enum status codec_ask_ref(const char *ref, struct codec_ask_fault *fault,
                          struct customer_question *out)
{
    if (customer_question_parse(codec_check_text_of(ref), out))
        return OK;
    return codec_ask_refuse(fault, "ref", "%s: give " CUSTOMER_REF_FORMS,
                            ref[0] ? "leads to nobody" : "is missing");
}

enum status codec_ask_refs(char *const *refs, size_t count, struct arena *arena,
                           struct codec_ask_fault *fault, struct customer_question **out)
{
    struct customer_question *questions;

    if (count > CODEC_ASK_MAX_REFS)
        return codec_ask_refuse(fault, "refs", "are more than %d: ask several times",
                                CODEC_ASK_MAX_REFS);
    questions = arena_take_array(arena, count, sizeof(*questions));
    if (!questions)
        return RESOURCE_EXHAUSTED;
    for (size_t i = 0; i < count; i++) {
        char field[40];

        snprintf(field, sizeof(field), "refs[%zu]", i);
        if (!customer_question_parse(codec_check_text_of(refs[i]), &questions[i]))
            return codec_ask_refuse(fault, field, "leads to nobody: give " CUSTOMER_REF_FORMS);
    }
    *out = questions;
    return OK;
}

enum status codec_ask_staff(const char *field, const char *code, bool may_be_empty,
                            struct codec_ask_fault *fault, struct text *out)
{
    struct text text = codec_check_text_of(code);

    *out = text;
    if ((text.bytes == 0 && may_be_empty) || staff_is_code(text))
        return OK;
    return codec_ask_refuse(fault, field, "%s: give the code of a staff member, such as li.na",
                            code[0] ? "is no code" : "is missing");
}

enum status codec_ask_words(const char *field, const char *words, bool may_be_empty,
                            struct codec_ask_fault *fault, struct text *out)
{
    struct text text = codec_check_text_of(words);

    *out = text;
    if (text.bytes == 0 && !may_be_empty)
        return codec_ask_refuse(fault, field, "is missing: say why in a sentence");
    if (utf8_count(text) > OWNER_MAX_NOTE)
        return codec_ask_refuse(fault, field, "is longer than %d characters", OWNER_MAX_NOTE);
    return OK;
}

enum status codec_ask_id(const char *field, const char *text, struct codec_ask_fault *fault,
                         struct id *out)
{
    if (uuid_parse(text, strlen(text), out))
        return OK;
    return codec_ask_refuse(fault, field, "%s: give the id as it was answered, a UUID",
                            text[0] ? "is no id" : "is missing");
}

enum status codec_ask_time(const char *field, const Google__Protobuf__Timestamp *time,
                           struct codec_ask_fault *fault, int64_t *at_us)
{
    *at_us = 0;
    if (!time)
        return OK;
    if (time->seconds <= 0 || time->seconds > INT64_C(253402300799) || time->nanos < 0 ||
        time->nanos > 999999999)
        return codec_ask_refuse(fault, field, "is no moment after 1970");
    *at_us = time->seconds * SECOND_US + time->nanos / 1000;
    return OK;
}

enum status codec_ask_page(uint32_t asked, uint32_t standard, uint32_t max,
                           struct codec_ask_fault *fault, uint32_t *out)
{
    if (asked > max)
        return codec_ask_refuse(fault, "page_size", "must be at most %u", (unsigned)max);
    *out = asked ? asked : standard;
    return OK;
}

enum status codec_ask_token(const char *token, struct codec_ask_fault *fault, struct text *out)
{
    *out = codec_check_text_of(token);
    if (out->bytes <= MAX_TOKEN_BYTES)
        return OK;
    return codec_ask_refuse(fault, "page_token", "is none that was answered");
}

struct text codec_ask_text(const char *terminated)
{
    return codec_check_text_of(terminated);
}

void *codec_ask_pointers(void *list, size_t count, size_t size, struct arena *arena)
{
    char **pointers = arena_take_array(arena, count, sizeof(*pointers));

    for (size_t i = 0; pointers && i < count; i++)
        pointers[i] = (char *)list + i * size;
    return pointers;
}
