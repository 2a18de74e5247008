/*
 * Values of the domain as protobuf-c wants them, in the arena. All return NULL when it is full.
 */
#ifndef KEHU_CUSTOMERS_CODEC_VALUE_H
#define KEHU_CUSTOMERS_CODEC_VALUE_H

#include "common/arena.h"
#include "common/base.h"
#include "google/protobuf/timestamp.pb-c.h"

char *codec_value_text(struct text text, struct arena *arena);
char *codec_value_id(const struct id *id, struct arena *arena);
char *codec_value_number(int64_t number, struct arena *arena);
char *codec_value_day(int32_t day, struct arena *arena);
Google__Protobuf__Timestamp *codec_value_time(int64_t at_us, struct arena *arena);
/* NULL, an absent field, for 0 too. */
Google__Protobuf__Timestamp *codec_value_time_or_absent(int64_t at_us, struct arena *arena);

#endif
