/*
 * Single values of a CSV file: what spreadsheets and programs write for numbers, times and codes.
 * Pure.
 */
#ifndef KEHU_IMPORT_VALUE_H
#define KEHU_IMPORT_VALUE_H

#include "common/pure/zone.h"

/* Without spaces and tabs at both ends. */
struct text import_value_trim(struct text text);

/* UTF-8 text's number of characters. */
size_t import_value_characters(struct text text);

/* True when a control character (U+0000..U+001F, U+007F..U+009F) stands in the UTF-8 text: the
 * service refuses them. */
bool import_value_has_control(struct text text);

/* Replaces each control character by one space, CR LF by one; the text may become shorter. */
void import_value_clean(char *at, size_t *bytes);

/* "2009-12-01 07:45:00", with T in place of the space, without seconds, or the date alone
 * (midnight), as local time of the zone. Other orders of day and month are refused, because they
 * can be misread. */
bool import_value_moment(struct text text, const struct zone *zone, int64_t *at_us);

/* "13085.0", as spreadsheets write a whole number next to empty cells, is "13085"; other text
 * stays. */
struct text import_value_code(struct text text);

#endif
