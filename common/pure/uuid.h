/*
 * UUIDs: version 7 made from a time and random bytes that the caller brings, and their canonical
 * text.
 */
#ifndef KEHU_UUID_H
#define KEHU_UUID_H

#include "common/base.h"

#define UUID_TEXT_BYTES 37 /* 36 characters and the final zero */

/*
 * A UUIDv7 (RFC 9562) of the moment. Milliseconds stand in the first 48 bits, the rest of the
 * microseconds in rand_a (method 3), so that ids of one process sort by the microsecond they were
 * made in. The last 62 bits are random; random[8..9] are not needed and may be anything.
 */
struct id uuid_make(int64_t now_us, const uint8_t random[10]);

/* "0190163d-8694-739b-aea5-966c26f8ad91", lower case, terminated. */
void uuid_print(const struct id *id, char out[UUID_TEXT_BYTES]);

/* Reads the canonical form only (8-4-4-4-12, upper or lower case), of any version. */
bool uuid_parse(const char *at, size_t bytes, struct id *out);

/* Is it all zeroes: the id of nothing and nobody? */
bool uuid_is_none(const struct id *id);
bool uuid_is_same(const struct id *a, const struct id *b);

#endif
