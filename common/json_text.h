/*
 * The text forms inside ProtoJSON: times, durations, base64 and field names. Internal to json_*.c.
 */
#ifndef KEHU_JSON_TEXT_H
#define KEHU_JSON_TEXT_H

#include "common/arena.h"
#include "common/base.h"

#define JSON_TEXT_BYTES 48

/* "2026-09-30T08:00:00.125Z" with 0, 3, 6 or 9 digits (RFC 3339). False: outside years 1..9999. */
bool json_text_print_time(int64_t seconds, int32_t nanos, char out[JSON_TEXT_BYTES]);
/* Reads any offset and up to nine digits. */
bool json_text_read_time(const char *text, int64_t *seconds, int32_t *nanos);

/* "-1.500s". False: more than 10,000 years, or signs that differ. */
bool json_text_print_duration(int64_t seconds, int32_t nanos, char out[JSON_TEXT_BYTES]);
bool json_text_read_duration(const char *text, int64_t *seconds, int32_t *nanos);

/* Standard alphabet with padding; terminated, from malloc; NULL when memory is out. */
char *json_text_print_base64(const uint8_t *bytes, size_t count);
/* Standard or url-safe alphabet, padded or not. `out` takes 3 bytes per 4 characters begun. */
bool json_text_read_base64(const char *text, size_t length, uint8_t *out, size_t *count);

/* lowerCamelCase of a field name, as protoc makes it; cut at out_bytes. */
void json_text_print_name(const char *name, char *out, size_t out_bytes);

#endif
