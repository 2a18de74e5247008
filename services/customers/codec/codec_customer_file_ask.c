/*
 * Questions about files: one, many, and the dictionary.
 */
#include <inttypes.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/validate.h"
#include "kehu/customers/v1/files.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_customer_file.h"

#define DEFAULT_PAGE 50
#define MAX_PAGE 500

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, ProtobufCMessage **message,
                          struct codec_file_faults *faults)
{
    char field[200] = "", why[300] = "";
    enum status status = validate_unpack(descriptor, arena_allocator(arena), payload, bytes,
                                         message, field, sizeof(field), why, sizeof(why));

    if (status == INVALID_ARGUMENT)
        codec_file_fault(faults, arena_print(arena, "%s", field), arena_print(arena, "%s", why));
    return status;
}

static enum status end(const struct codec_file_faults *faults)
{
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

enum status codec_get_get_customer_file(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct customer_question *out, bool *is_unmasked,
                                        struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__get_customer_file__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__GetCustomerFile *ask = (const void *)message;

    if (!customer_question_parse(codec_check_text_of(ask->ref), out))
        codec_file_fault(faults, "ref", "must be " CUSTOMER_REF_FORMS);
    *is_unmasked = ask->unmask;
    return end(faults);
}

enum status codec_get_describe_fields(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_file_faults *faults)
{
    ProtobufCMessage *message;

    return unpack(&kehu__customers__v1__describe_fields__descriptor, payload, bytes, arena,
                  &message, faults);
}

/* --- lists --- */

/* By number of enum file_sort. */
static const char *const sorts[FILE_SORTS] = {"number", "name", "registered", "-registered"};

static void read_sort(const char *sort, struct file_list_question *out,
                      struct codec_file_faults *faults)
{
    if (sort[0] == '\0')
        return;
    for (int i = 0; i < FILE_SORTS; i++) {
        if (strcmp(sort, sorts[i]) == 0) {
            out->sort = (enum file_sort)i;
            return;
        }
    }
    codec_file_fault(faults, "sort", "must be number, name, registered or -registered");
}

/* A page token is the number of the last row before the page. */
static void read_paging(const Kehu__Customers__V1__ListCustomers *ask,
                        struct file_list_question *out, struct codec_file_faults *faults)
{
    struct customer_question last = {.kind = CUSTOMER_REF_NUMBER};

    if (ask->page_size > MAX_PAGE)
        codec_file_fault(faults, "page_size", "must be 1 to 500, or 0 for 50");
    out->page_size = ask->page_size ? ask->page_size : DEFAULT_PAGE;
    if (ask->page_token[0] != '\0' &&
        (!customer_question_parse(codec_check_text_of(ask->page_token), &last) ||
         last.kind != CUSTOMER_REF_NUMBER))
        codec_file_fault(faults, "page_token",
                         "is none: give next_page_token of the answer before");
    out->after_number = last.number;
}

static void read_parties(const Kehu__Customers__V1__ListCustomers *ask,
                         struct file_list_question *out, struct codec_file_faults *faults)
{
    if (ask->n_party_types > COUNT_OF(out->parties)) {
        codec_file_fault(faults, "party_types", "are too many: each of the five once");
        return;
    }
    for (size_t i = 0; i < ask->n_party_types; i++) {
        if (!ask->party_types[i])
            codec_file_fault(faults, "party_types",
                             "must be customer, channel, supplier, partner or competitor");
        out->parties[out->party_count++] = (enum file_party)ask->party_types[i];
    }
}

static void read_filters(const Kehu__Customers__V1__ListCustomers *ask,
                         struct file_list_question *out, struct codec_file_faults *faults)
{
    static const char *const grades[] = {"", "A", "B", "C", "none"};
    bool is_grade = false;

    for (size_t i = 0; i < COUNT_OF(grades); i++)
        is_grade |= strcmp(ask->grade, grades[i]) == 0;
    if (!is_grade)
        codec_file_fault(faults, "grade", "must be A, B, C or none; empty: all");
    if (ask->review_due_by[0] != '\0' &&
        !day_parse(ask->review_due_by, strlen(ask->review_due_by), &out->review_due_by))
        codec_file_fault(faults, "review_due_by",
                         "is no day: give one as YYYY-MM-DD, such as 2026-09-30");
    if (ask->missing_field[0] != '\0' && !fields_find(codec_check_text_of(ask->missing_field)))
        codec_file_fault(faults, "missing_field",
                         "is not in the dictionary: DescribeFields lists all fields");
    out->has_parent = ask->parent_ref[0] != '\0';
    if (out->has_parent &&
        !customer_question_parse(codec_check_text_of(ask->parent_ref), &out->parent))
        codec_file_fault(faults, "parent_ref", "must be " CUSTOMER_REF_FORMS);
}

enum status codec_get_list_customers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct file_list_question *out,
                                     struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__list_customers__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__ListCustomers *ask = (const void *)message;

    *out = (struct file_list_question){
        .region = codec_check_text_of(ask->region),
        .grade = codec_check_text_of(ask->grade),
        .only_incomplete = ask->only_incomplete,
        .review_due_by = FILE_NO_DAY,
        .missing_field = codec_check_text_of(ask->missing_field),
        .only_repeat_complainants = ask->only_repeat_complainants,
        .owner = codec_check_text_of(ask->owner),
    };
    read_parties(ask, out, faults);
    read_filters(ask, out, faults);
    read_sort(ask->sort, out, faults);
    read_paging(ask, out, faults);
    return end(faults);
}
