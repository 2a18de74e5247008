/*
 * What the messages about people share: reading fields one by one with every fault named, and lists
 * page by page. Words, references, ids and days are checked here; what they mean together is for
 * handlers.
 */
#ifndef KEHU_CUSTOMERS_CODEC_PEOPLE_H
#define KEHU_CUSTOMERS_CODEC_PEOPLE_H

#include <protobuf-c/protobuf-c.h>

#include "common/pure/day.h"
#include "services/customers/codec/codec_customer_file.h"

#define CODEC_PEOPLE_PAGE 50
#define CODEC_PEOPLE_MAX_PAGE 200
#define CODEC_PEOPLE_NO_DAY DAY_NONE

struct codec_people_reader {
    struct arena *arena;
    struct codec_file_faults *faults;
    int32_t today;
    const char *under; /* what stands before the names of fields: "channel."; "" */
};

/* Decodes and checks the message. INVALID_ARGUMENT: its fault is told. */
enum status codec_people_open(struct codec_people_reader *reader,
                              const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                              size_t bytes, ProtobufCMessage **message) MUST_USE;
/* At the top of a codec_get_*: opens `message`, to be read with `r`, or returns what is wrong with
 * it. */
#define CODEC_PEOPLE_OPEN(descriptor, day)                                                         \
    struct codec_people_reader r = {arena, faults, day, ""};                                       \
    ProtobufCMessage *message;                                                                     \
    enum status status = codec_people_open(&r, &(descriptor), payload, bytes, &message);           \
                                                                                                   \
    if (status)                                                                                    \
    return status

/* OK, INVALID_ARGUMENT when there are faults, RESOURCE_EXHAUSTED when the arena is full. */
enum status codec_people_end(const struct codec_people_reader *reader) MUST_USE;

void codec_people_fault(struct codec_people_reader *reader, const char *field, const char *why);
/* Trimmed; a fault when it has more characters, or none although it is needed. */
struct text codec_people_text(struct codec_people_reader *reader, const char *field,
                              const char *value, size_t max, bool is_needed);
/* The list's own word; `standard` where it is empty (NULL: it is needed). */
const char *codec_people_word(struct codec_people_reader *reader, const char *field,
                              const char *value, const char *const *words, const char *all,
                              const char *standard);
/* A day; `standard` where it is empty. After `latest` is a fault (INT32_MAX: none is). */
int32_t codec_people_day(struct codec_people_reader *reader, const char *field, const char *value,
                         int32_t standard, int32_t latest);
void codec_people_ref(struct codec_people_reader *reader, const char *field, const char *ref,
                      struct customer_question *out);
/* False: it is empty, and may be. */
bool codec_people_id(struct codec_people_reader *reader, const char *field, const char *value,
                     bool is_needed, struct id *out);
uint32_t codec_people_page(struct codec_people_reader *reader, uint32_t page_size);
/* A token is the id of the last row before the page; false: the first page. */
bool codec_people_token(struct codec_people_reader *reader, const char *token, struct id *after);

/* kehu.customers.v1.NumberHeld; ids of zeroes: none. NULL: the arena is full. */
const ProtobufCMessage *codec_number_held(struct text hash, const struct id *customer,
                                          const struct id *contact, struct arena *arena);

/* A copy of one text; of days "" where there is none. */
char *codec_people_day_text(int32_t day, struct arena *arena);

#endif
