/*
 * A first look through a whole file: its encoding, its lines, what it is known again by. Nothing of
 * it is kept, however large it is.
 */
#ifndef KEHU_IMPORT_SCAN_H
#define KEHU_IMPORT_SCAN_H

#include "clients/kehuctl/import_encoding.h"
#include "clients/kehuctl/import_stream.h"

#define IMPORT_SCAN_HASH_BYTES 65 /* SHA-256 as hexadecimal digits, terminated */

struct import_scan {
    enum import_encoding encoding; /* as its bytes say; import_encoding_detect has the rule */
    size_t skip;                   /* bytes of the mark at its beginning */
    uint64_t lines;
    char hash[IMPORT_SCAN_HASH_BYTES];
};

/* Leaves the stream at its end. False: it is in UTF-16 or UTF-32, cannot be read, or memory is out;
 * `why` says which, in words that follow the file's name and a colon. */
bool import_scan_read(struct import_stream *stream, struct import_scan *out, char *why,
                      size_t why_bytes);

#endif
