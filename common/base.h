/*
 * What every file may rely on: fixed-width types, the id of a thing, a piece of text, and a few
 * macros. Pure: no function here does anything but compute.
 */
#ifndef KEHU_BASE_H
#define KEHU_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(form, first) __attribute__((format(printf, form, first)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define SECOND_US INT64_C(1000000)
#define DAY_US (86400 * SECOND_US)

/* A UUID as 16 bytes in network order; comparing the bytes orders UUIDv7 by time. */
struct id {
    uint8_t bytes[16];
};

/* Text of known length, not terminated, borrowed from whoever owns the bytes. */
struct text {
    const char *at;
    size_t bytes;
};

#define TEXT_OF(literal) ((struct text){(literal), sizeof(literal) - 1})

#endif
