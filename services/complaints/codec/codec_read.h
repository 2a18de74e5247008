/*
 * Reading messages field by field, with every fault named, and values as protobuf-c wants them:
 * what all codecs of this service share. What words, ids and days mean together is for handlers.
 */
#ifndef KEHU_COMPLAINTS_CODEC_READ_H
#define KEHU_COMPLAINTS_CODEC_READ_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/base.h"
#include "common/pure/day.h"
#include "common/status.h"
#include "google/protobuf/timestamp.pb-c.h"

#define CODEC_READ_FAULTS 20
#define CODEC_READ_PAGE 50
#define CODEC_READ_MAX_PAGE 500
#define CODEC_READ_NO_DAY DAY_NONE

/* What is wrong with a message, for flow_violation; what is more than fits is left out. */
struct codec_faults {
    struct {
        const char *field, *why;
    } list[CODEC_READ_FAULTS];
    size_t count;
};

struct codec_read {
    struct arena *arena;
    struct codec_faults *faults;
    const char *under; /* what stands before the names of fields: "subtask."; "" */
};

/* Decodes and checks the message; texts may have lines. INVALID_ARGUMENT: its fault is told. */
enum status codec_read_open(struct codec_read *read, struct arena *arena,
                            const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                            size_t bytes, struct codec_faults *faults,
                            ProtobufCMessage **message) MUST_USE;
/* At the top of a codec_get_*: opens the message as `ask` of that type, to be read with `r`, or
 * returns what is wrong with it. */
#define CODEC_READ_OPEN(Type, descriptor)                                                          \
    struct codec_read r;                                                                           \
    ProtobufCMessage *message;                                                                     \
    enum status status =                                                                           \
        codec_read_open(&r, arena, &(descriptor), payload, bytes, faults, &message);               \
                                                                                                   \
    if (status)                                                                                    \
        return status;                                                                             \
    const Type *ask = (const void *)message

/* OK, INVALID_ARGUMENT when there are faults, RESOURCE_EXHAUSTED when the arena is full. */
enum status codec_read_end(const struct codec_read *read) MUST_USE;

void codec_read_fault(struct codec_read *read, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Trimmed; a fault when it has more characters, or none although it is needed. */
struct text codec_read_text(struct codec_read *read, const char *field, const char *value,
                            size_t max, bool is_needed);
/* Likewise of what stands in one line: codes, names, numbers. */
struct text codec_read_line(struct codec_read *read, const char *field, const char *value,
                            size_t max, bool is_needed);
/* A moment not after `latest_us` (INT64_MAX: any); `standard_us` where there is none. */
int64_t codec_read_time(struct codec_read *read, const char *field,
                        const Google__Protobuf__Timestamp *time, int64_t standard_us,
                        int64_t latest_us);
/* A day; `standard` where it is empty. After `latest` is a fault (INT32_MAX: none is). */
int32_t codec_read_day(struct codec_read *read, const char *field, const char *value,
                       int32_t standard, int32_t latest);
/* False: it is empty, and may be. */
bool codec_read_id(struct codec_read *read, const char *field, const char *value, bool is_needed,
                   struct id *out);
/* The place of the word in a list that ends with NULL; `standard` where it is empty (-1: it is
 * needed). `all` is the list for people. */
int codec_read_word(struct codec_read *read, const char *field, const char *value,
                    const char *const *words, const char *all, int standard);
/* 1 to CODEC_READ_MAX_PAGE; 0 is CODEC_READ_PAGE. */
uint32_t codec_read_page(struct codec_read *read, uint32_t page_size);
/* Which list a page is of: what leads on in one means nothing in another. */
enum codec_read_list {
    CODEC_READ_CASES = 'a',   /* and its order (enum case_list_sort) */
    CODEC_READ_HISTORY = 'h', /* of one case */
    CODEC_READ_IMPROVEMENTS = 'i',
    CODEC_READ_LESSONS = 'l',
    CODEC_READ_MESSAGES = 'm', /* of one case */
    CODEC_READ_QUEUE = 'q',    /* and the priority */
    CODEC_READ_SUBJECT = 's',
    CODEC_READ_TASKS = 't',
};
/* The letter of the list, a number and an id ("a1789000000000000.0190163d-…"); false: the first
 * page, or a token of another list, which is a fault. */
bool codec_read_token(struct codec_read *read, const char *token, int list, int64_t *place,
                      struct id *after);
/* The same of a token in another field than page_token. */
bool codec_read_field_token(struct codec_read *read, const char *field, const char *token, int list,
                            int64_t *place, struct id *after);

/* Values in the arena; NULL when it is full. */
char *codec_read_print_text(struct text text, struct arena *arena);
char *codec_read_print_id(const struct id *id, struct arena *arena); /* zeroes: "" */
char *codec_read_print_day(int32_t day, struct arena *arena);        /* NO_DAY: "" */
char *codec_read_print_token(int list, int64_t place, const struct id *after, struct arena *arena);
/* NULL, an absent field, for 0 too. */
Google__Protobuf__Timestamp *codec_read_print_time(int64_t at_us, struct arena *arena);

#endif
