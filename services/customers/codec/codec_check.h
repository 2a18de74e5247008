/*
 * The checks that every field of an event goes through, and the one way in which an item is
 * rejected: with the field's path and what would be right. All checks return false after rejecting
 * the item.
 */
#ifndef KEHU_CUSTOMERS_CODEC_CHECK_H
#define KEHU_CUSTOMERS_CODEC_CHECK_H

#include "google/protobuf/timestamp.pb-c.h"
#include "services/customers/codec/codec.h"

/* One item of a batch while it is being read. */
struct codec_reader {
    struct arena *arena;
    const struct intake_limits *limits;
    struct intake_item *item;
    bool has_time; /* the attribute `time` */
    int64_t time_us;
};

struct text codec_check_text_of(const char *terminated);
/* Number of characters of checked UTF-8. */
size_t codec_check_count(struct text text);
/* The longest beginning of at most max bytes that ends between two characters. */
struct text codec_check_cut(struct text text, size_t max_bytes);

/* Marks the item as rejected; always false, so that a check can end with it. The field is kept, not
 * copied. */
bool codec_check_reject(struct codec_reader *reader, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Between min and max characters long. */
bool codec_check_length(struct codec_reader *reader, const char *field, const char *text,
                        size_t min, size_t max);
/* Present, after 1970 began and at most a day ahead of the clock. */
bool codec_check_time(struct codec_reader *reader, const char *field,
                      const Google__Protobuf__Timestamp *time, int64_t *at_us);
bool codec_check_currency(struct codec_reader *reader, const char *field, const char *code,
                          char out[4]);

#endif
