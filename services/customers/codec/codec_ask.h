/*
 * What the questions about owners, handovers and the pool have in common: one fault names the field
 * and what would be right. All checks return INVALID_ARGUMENT after filling it.
 */
#ifndef KEHU_CUSTOMERS_CODEC_ASK_H
#define KEHU_CUSTOMERS_CODEC_ASK_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/status.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "services/customers/domain/customer.h"

#define CODEC_ASK_MAX_REFS 1000

struct codec_ask_fault {
    char field[100], why[300];
};

enum status codec_ask_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                             size_t bytes, struct arena *arena, struct codec_ask_fault *fault,
                             ProtobufCMessage **out) MUST_USE;
enum status codec_ask_refuse(struct codec_ask_fault *fault, const char *field, const char *format,
                             ...) PRINTF_LIKE(3, 4);

enum status codec_ask_ref(const char *ref, struct codec_ask_fault *fault,
                          struct customer_question *out) MUST_USE;
/* At most CODEC_ASK_MAX_REFS. */
enum status codec_ask_refs(char *const *refs, size_t count, struct arena *arena,
                           struct codec_ask_fault *fault, struct customer_question **out) MUST_USE;
/* A code of the staff directory. */
enum status codec_ask_staff(const char *field, const char *code, bool may_be_empty,
                            struct codec_ask_fault *fault, struct text *out) MUST_USE;
/* At most 500 characters. */
enum status codec_ask_words(const char *field, const char *words, bool may_be_empty,
                            struct codec_ask_fault *fault, struct text *out) MUST_USE;
enum status codec_ask_id(const char *field, const char *text, struct codec_ask_fault *fault,
                         struct id *out) MUST_USE;
/* Absent: 0. */
enum status codec_ask_time(const char *field, const Google__Protobuf__Timestamp *time,
                           struct codec_ask_fault *fault, int64_t *at_us) MUST_USE;
/* 0 is the standard. */
enum status codec_ask_page(uint32_t asked, uint32_t standard, uint32_t max,
                           struct codec_ask_fault *fault, uint32_t *out) MUST_USE;
/* A page token of ours is a number or an id with a word before it; the text is borrowed. */
enum status codec_ask_token(const char *token, struct codec_ask_fault *fault,
                            struct text *out) MUST_USE;

/* A terminated text of known length. */
struct text codec_ask_text(const char *terminated);

/* An array of pointers to the elements of a list, as protobuf-c wants it. */
void *codec_ask_pointers(void *list, size_t count, size_t size, struct arena *arena);

#endif
