#include "services/customers/codec/codec_people.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"
#include "services/customers/domain/contact.h"

enum status codec_people_open(struct codec_people_reader *reader,
                              const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                              size_t bytes, ProtobufCMessage **message)
{
    char field[200] = "", why[300] = "";
    enum status status = validate_unpack(descriptor, arena_allocator(reader->arena), payload, bytes,
                                         message, field, sizeof(field), why, sizeof(why));

    if (status == INVALID_ARGUMENT)
        codec_file_fault(reader->faults, arena_print(reader->arena, "%s", field),
                         arena_print(reader->arena, "%s", why));
    reader->under = "";
    return status;
}

enum status codec_people_end(const struct codec_people_reader *reader)
{
    if (arena_is_full(reader->arena))
        return RESOURCE_EXHAUSTED;
    return reader->faults->count > 0 ? INVALID_ARGUMENT : OK;
}

void codec_people_fault(struct codec_people_reader *reader, const char *field, const char *why)
{
    codec_file_fault(reader->faults, arena_print(reader->arena, "%s%s", reader->under, field), why);
}

struct text codec_people_text(struct codec_people_reader *reader, const char *field,
                              const char *value, size_t max, bool is_needed)
{
    struct text text = utf8_trim(codec_check_text_of(value));

    if (utf8_count(text) > max)
        codec_people_fault(
            reader, field,
            arena_print(reader->arena, "is too long: it may have at most %zu characters", max));
    else if (text.bytes == 0 && is_needed)
        codec_people_fault(
            reader, field,
            arena_print(reader->arena, "is missing: it has 1 to %zu characters", max));
    return text;
}

const char *codec_people_word(struct codec_people_reader *reader, const char *field,
                              const char *value, const char *const *words, const char *all,
                              const char *standard)
{
    const char *word = contact_word(words, codec_check_text_of(value));

    if (value[0] == '\0' && standard)
        return standard;
    if (!word)
        codec_people_fault(reader, field, arena_print(reader->arena, "must be one of %s", all));
    return word ? word : "";
}

int32_t codec_people_day(struct codec_people_reader *reader, const char *field, const char *value,
                         int32_t standard, int32_t latest)
{
    int32_t day = standard;

    if (value[0] == '\0')
        return standard;
    if (!day_parse(value, strlen(value), &day))
        codec_people_fault(reader, field, "must be a day as YYYY-MM-DD");
    else if (day > latest)
        codec_people_fault(reader, field, "must be a day up to today as YYYY-MM-DD");
    return day;
}

void codec_people_ref(struct codec_people_reader *reader, const char *field, const char *ref,
                      struct customer_question *out)
{
    if (!customer_question_parse(codec_check_text_of(ref), out))
        codec_people_fault(reader, field,
                           ref[0] ? "refers to nobody: give " CUSTOMER_REF_FORMS
                                  : "is missing: give " CUSTOMER_REF_FORMS);
}

bool codec_people_id(struct codec_people_reader *reader, const char *field, const char *value,
                     bool is_needed, struct id *out)
{
    if (value[0] == '\0') {
        if (is_needed)
            codec_people_fault(reader, field, "is missing: give the id (a UUID)");
        return false;
    }
    if (uuid_parse(value, strlen(value), out))
        return true;
    codec_people_fault(reader, field, "must be an id (a UUID), as answers and lists give it");
    return false;
}

uint32_t codec_people_page(struct codec_people_reader *reader, uint32_t page_size)
{
    if (page_size > CODEC_PEOPLE_MAX_PAGE)
        codec_people_fault(reader, "page_size", "must be from 1 to 200, or 0 for 50");
    return page_size ? page_size : CODEC_PEOPLE_PAGE;
}

bool codec_people_token(struct codec_people_reader *reader, const char *token, struct id *after)
{
    if (token[0] == '\0')
        return false;
    if (uuid_parse(token, strlen(token), after))
        return true;
    codec_people_fault(reader, "page_token", "is none of ours: give next_page_token of a page");
    return false;
}

char *codec_people_day_text(int32_t day, struct arena *arena)
{
    return day == CODEC_PEOPLE_NO_DAY ? "" : codec_value_day(day, arena);
}

static char *id_or_empty(const struct id *id, struct arena *arena)
{
    return uuid_is_none(id) ? "" : codec_value_id(id, arena);
}

const ProtobufCMessage *codec_number_held(struct text hash, const struct id *customer,
                                          const struct id *contact, struct arena *arena)
{
    Kehu__Customers__V1__NumberHeld *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__number_held__init(out);
    out->hash.data = arena_copy(arena, hash.at, hash.bytes);
    out->hash.len = hash.bytes;
    out->customer_id = id_or_empty(customer, arena);
    out->contact_id = id_or_empty(contact, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
