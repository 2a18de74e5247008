/*
 * Bytes of a CSV file (RFC 4180) to records with line numbers. libcsv cuts the fields, strictly;
 * what it calls broken is reported, and reading goes on at the next physical line, so that no
 * mistake costs more than the line it stands in: an unclosed quote does not swallow the rest of the
 * file.
 */
#ifndef KEHU_IMPORT_CSV_H
#define KEHU_IMPORT_CSV_H

#include "common/base.h"

/* A field, and a record's number of physical lines and columns, beyond these are taken for a broken
 * quote. */
#define IMPORT_CSV_FIELD_BYTES 65536
#define IMPORT_CSV_RECORD_LINES 100
#define IMPORT_CSV_COLUMNS 512
/* Of a stream also a physical line and a record beyond these. */
#define IMPORT_CSV_LINE_BYTES (256 * 1024)
#define IMPORT_CSV_RECORD_BYTES (1024 * 1024)

/* A record as it stands in the file: quotes removed, nothing trimmed or converted. Borrowed for the
 * call. */
struct import_csv_record {
    uint64_t line; /* its first physical line, from 1; lines end with LF, CR LF or CR */
    uint64_t end_line;
    const struct text *fields;
    size_t count;
};

/* A broken place. `column` counts fields from 1. */
struct import_csv_fault {
    uint64_t line;
    size_t column;
    const char *what;          /* what is wrong and what would be right */
    const struct text *fields; /* those that could be cut before it */
    size_t count;
};

struct import_csv_reader {
    /* The first record, which names the columns: all others must have as many. False stops reading.
     */
    bool (*header)(void *owner, const struct import_csv_record *record);
    void (*record)(void *owner, const struct import_csv_record *record);
    void (*fault)(void *owner, const struct import_csv_fault *fault);
    void *owner;
};

/* Reads everything; empty lines are passed over. False when the header stopped it, there is none,
 * it is broken (after a call of `fault`), or memory is out. */
bool import_csv_read(const char *bytes, size_t count, const struct import_csv_reader *reader);

/* The same of bytes that come a piece at a time, in 4 MiB of memory, however many there are. */
struct import_csv_source {
    size_t (*read)(void *owner, char *at, size_t room); /* 0: the end */
    void *owner;
};
bool import_csv_stream(struct import_csv_source *source, const struct import_csv_reader *reader);

#endif
