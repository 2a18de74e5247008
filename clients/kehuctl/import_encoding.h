/*
 * The encodings of files to import: UTF-8 (with or without a mark at the start) and GB18030, which
 * contains GBK and GB2312. In both a comma, a quote and a line end are never part of another
 * character, so that records are cut as bytes and only fields are converted; a bad byte spoils its
 * field and nothing else.
 */
#ifndef KEHU_IMPORT_ENCODING_H
#define KEHU_IMPORT_ENCODING_H

#include "common/base.h"

enum import_encoding {
    IMPORT_ENCODING_UTF8 = 0,
    IMPORT_ENCODING_GB18030 = 1,
};

/* "UTF-8" or "GB18030". */
const char *import_encoding_name(enum import_encoding encoding);

/* An encoding by the name a person gives it, upper or lower case: utf-8, utf8, gb18030, gbk,
 * gb2312. */
bool import_encoding_parse(const char *name, enum import_encoding *encoding);

/*
 * Which encoding the file is in. A mark at the start decides; otherwise UTF-8, unless more of the
 * lines that are not plain ASCII can be read as GB18030 than as UTF-8. `skip` is the length of the
 * mark. False with the sentence in `why`: UTF-16 or UTF-32, which we do not read.
 */
bool import_encoding_detect(const char *bytes, size_t count, enum import_encoding *encoding,
                            size_t *skip, char *why, size_t why_bytes);

/* Turns fields into UTF-8. NULL when ICU lacks the encoding or memory is out. */
struct import_converter;
struct import_converter *import_converter_new(enum import_encoding encoding);
void import_converter_free(struct import_converter *converter);

/* The field in UTF-8; borrowed until the next call. False: these bytes are no text in the encoding,
 * or the field is longer than 64 KiB. */
bool import_converter_read(struct import_converter *converter, struct text field, struct text *out);

#endif
