/*
 * The writer of grade sentences: text, amounts, shares and days into a buffer of fixed room,
 * without stdio. Past the room nothing more is written, and no character is cut in two.
 */
#ifndef KEHU_CUSTOMERS_GRADE_TEXT_VALUE_H
#define KEHU_CUSTOMERS_GRADE_TEXT_VALUE_H

#include "services/customers/domain/grade_text.h"

struct grade_writer {
    char *out; /* always terminated */
    size_t room, bytes;
    bool is_full;
};

struct grade_writer grade_text_value_begin(char *out, size_t room);
void grade_text_value_add(struct grade_writer *writer, struct text text);
void grade_text_value_say(struct grade_writer *writer, const char *text);
void grade_text_value_count(struct grade_writer *writer, uint32_t value);
void grade_text_value_amount(struct grade_writer *writer, int64_t micros, const char *currency,
                             enum grade_language language);
/* As grade_text_share; the total must be positive. */
void grade_text_value_share(struct grade_writer *writer, int64_t amount_micros,
                            int64_t total_micros, int64_t threshold_micros);
/* "20%", "19.995%". */
void grade_text_value_threshold(struct grade_writer *writer, int64_t micros);
/* 2026年9月30日, or 2026-09-30. */
void grade_text_value_day(struct grade_writer *writer, int32_t day, enum grade_language language);

#endif
