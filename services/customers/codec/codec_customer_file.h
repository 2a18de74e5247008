/*
 * Files on the wire: questions with everything that is wrong with them, answers, events. Values of
 * fields are normalised here by the dictionary (domain/fields.h).
 */
#ifndef KEHU_CUSTOMERS_CODEC_CUSTOMER_FILE_H
#define KEHU_CUSTOMERS_CODEC_CUSTOMER_FILE_H

#include "services/customers/codec/codec.h"
#include "services/customers/domain/customer_cases.h"
#include "services/customers/domain/file.h"

/* What is wrong with a question, for flow_violation; what is more than fits is left out. */
struct codec_file_faults {
    struct {
        const char *field; /* "facts[2].value" */
        const char *why;
    } list[FILE_MAX_FAULTS];
    size_t count;
};

/* Who asks and when. */
struct codec_file_asker {
    int32_t today;
    const char *name; /* the collector where none is named */
};

/* RegisterCustomer and UpdateCustomer. */
struct codec_file_ask {
    struct customer_question ref;    /* UpdateCustomer */
    uint64_t expected_version;       /* likewise; 0: whatever it is */
    struct file_change change;       /* without the parent's id */
    struct customer_question parent; /* when change.has_parent */
    struct customer_reference *refs;
    struct major_changes major_changes;
    bool is_reviewed;
};

/* INVALID_ARGUMENT: `faults` say everything that is wrong, at least one thing. RESOURCE_EXHAUSTED:
 * the arena is full. */
enum status codec_get_register_customer(const uint8_t *payload, size_t bytes,
                                        const struct codec_file_asker *asker, struct arena *arena,
                                        struct codec_file_ask *out,
                                        struct codec_file_faults *faults) MUST_USE;
enum status codec_get_update_customer(const uint8_t *payload, size_t bytes,
                                      const struct codec_file_asker *asker, struct arena *arena,
                                      struct codec_file_ask *out,
                                      struct codec_file_faults *faults) MUST_USE;
enum status codec_get_get_customer_file(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct customer_question *out, bool *is_unmasked,
                                        struct codec_file_faults *faults) MUST_USE;
enum status codec_get_list_customers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct file_list_question *out,
                                     struct codec_file_faults *faults) MUST_USE;
enum status codec_get_describe_fields(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_file_faults *faults) MUST_USE;

/* Answers and events, in the arena; NULL when it is full. */
struct codec_file_view {
    const struct file_row *row;
    const struct customer_file *references; /* only these of it */
    const struct major_changes *major_changes;
    const struct file_purchases *purchases;
    const struct customer_cases *cases; /* NULL: not looked at */
    const struct fields_score *score;
    bool is_unmasked; /* telephones and e-mail addresses are shown whole */
};
const ProtobufCMessage *codec_customer_file(const struct codec_file_view *view,
                                            struct arena *arena);
const ProtobufCMessage *codec_customer_file_reply(const struct id *id, int64_t number,
                                                  int64_t file_version,
                                                  const struct fields_score *score,
                                                  struct arena *arena);
const ProtobufCMessage *codec_customer_list(const struct file_summary *list, size_t count,
                                            const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_field_descriptions(int32_t today, struct arena *arena);
const ProtobufCMessage *codec_customer_changed(const struct id *customer,
                                               const char *const *changed, size_t count,
                                               int64_t file_version, struct arena *arena);
const ProtobufCMessage *codec_customer_major_change(const struct id *customer,
                                                    const struct major_change *change,
                                                    bool is_historic, struct arena *arena);

/* --- for the files of this codec --- */

/* What a value of the field must be, as a sentence's end. */
const char *codec_file_rule(const struct field *field, int32_t today, struct arena *arena);
/* Why a value was not taken and what would be right. */
const char *codec_file_why(const struct field *field, enum fields_refusal refusal,
                           enum china_refusal detail, int32_t today, struct arena *arena);
void codec_file_fault(struct codec_file_faults *faults, const char *field, const char *why);

#endif
