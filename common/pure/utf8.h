/*
 * Text as code points, for rules that look at characters. Bytes that are no UTF-8 (cut short,
 * overlong, surrogates, beyond U+10FFFF) are never taken for a character.
 */
#ifndef KEHU_UTF8_H
#define KEHU_UTF8_H

#include "common/base.h"

/* The next character of the text from byte *at, which moves behind it. -1: no UTF-8 there; *at
 * stays. The caller asks only while *at < text.bytes. */
int32_t utf8_next(struct text text, size_t *at);

/* Characters of UTF-8 that was checked before: every byte that does not continue one. */
size_t utf8_count(struct text text);
/* Without the white space around it, no-break and ideographic spaces too; what is no UTF-8 stays
 * whole. */
struct text utf8_trim(struct text text);

/* Text being written into fixed room, always terminated. What does not fit is left out and told. */
struct utf8_writer {
    char *out;
    size_t room; /* bytes with the terminator */
    size_t bytes;
    bool overflowed;
};

void utf8_open(struct utf8_writer *writer, char *out, size_t room);
void utf8_put(struct utf8_writer *writer, int32_t character);

/* Full width Latin letters, digits and signs (U+FF01..U+FF5E) and the ideographic space as half
 * width; every other character as it is. */
int32_t utf8_half_width(int32_t character);
/* ASCII letters only. */
int32_t utf8_lower(int32_t character);
/* An ideograph of Unicode, rare ones and compatibility ones included. */
bool utf8_is_han(int32_t character);

#endif
