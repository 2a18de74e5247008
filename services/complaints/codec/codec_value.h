/*
 * Values of the domain as protobuf-c wants them, in the arena. All return NULL when it is full;
 * what there is not (an id of zeroes, no day, no moment) is empty or absent.
 */
#ifndef KEHU_COMPLAINTS_CODEC_VALUE_H
#define KEHU_COMPLAINTS_CODEC_VALUE_H

#include "common/arena.h"
#include "common/base.h"
#include "google/protobuf/timestamp.pb-c.h"

char *codec_value_text(struct text text, struct arena *arena);
bool codec_value_is_none(const struct id *id);
/* Of zeroes "". */
char *codec_value_id(const struct id *id, struct arena *arena);
/* "2026-09-30"; of CASE_NO_DAY "". */
char *codec_value_day(int32_t day, struct arena *arena);
/* NULL, an absent field, for 0 too. */
Google__Protobuf__Timestamp *codec_value_time(int64_t at_us, struct arena *arena);
/* Microseconds since 1970; 0: the field is absent. False: it is no moment that can be stored. */
bool codec_value_read_time(const Google__Protobuf__Timestamp *time, int64_t *out);

#endif
