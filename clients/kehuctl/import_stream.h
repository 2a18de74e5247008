/*
 * The bytes of a file to import, a piece at a time and from the beginning again: plain or gzip.
 * Standard input ("-") is kept in a temporary file without a name, since it is read twice too.
 */
#ifndef KEHU_IMPORT_STREAM_H
#define KEHU_IMPORT_STREAM_H

#include "common/base.h"

struct import_stream;

enum import_stream_result {
    IMPORT_STREAM_OPEN = 0,
    IMPORT_STREAM_ABSENT = 1, /* cannot be opened */
    IMPORT_STREAM_BROKEN = 2, /* an input error, or memory is out */
};

/* Otherwise `why` says what is wrong, in words that follow the file's name and a colon. */
enum import_stream_result import_stream_open(const char *path, struct import_stream **out,
                                             char *why, size_t why_bytes);
void import_stream_close(struct import_stream *stream);

/* At most `room` bytes; 0: the end, or an error (import_stream_why). */
size_t import_stream_read(struct import_stream *stream, char *at, size_t room);
/* What went wrong; "" when nothing did. */
const char *import_stream_why(const struct import_stream *stream);
/* To the beginning. False: an input error. */
bool import_stream_rewind(struct import_stream *stream);

#endif
