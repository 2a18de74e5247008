/*
 * The bytes of a file to import: plain or gzip, or standard input for "-". Read whole, because the
 * encoding is known only after the last byte and a broken quote is repaired by going back.
 */
#ifndef KEHU_IMPORT_FILE_H
#define KEHU_IMPORT_FILE_H

#include "common/base.h"

/* An unpacked file beyond this is refused: split it. */
#define IMPORT_FILE_MAX_BYTES ((size_t)1 << 30)

enum import_file_result {
    IMPORT_FILE_READ = 0,
    IMPORT_FILE_ABSENT = 1, /* cannot be opened */
    IMPORT_FILE_BROKEN = 2, /* an input error, a damaged or cut off gzip file, or too large */
};

/* Reads the file; `bytes` is then the caller's to free. Otherwise `why` says what is wrong, in
 * words that follow the file's name and a colon. */
enum import_file_result import_file_read(const char *path, char **bytes, size_t *count, char *why,
                                         size_t why_bytes);

#endif
