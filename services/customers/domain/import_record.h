/*
 * An import as it is stored, and what became of each of its rows.
 */
#ifndef KEHU_CUSTOMERS_IMPORT_RECORD_H
#define KEHU_CUSTOMERS_IMPORT_RECORD_H

#include "services/customers/domain/file.h"
#include "services/customers/domain/import.h"

struct import_settings {
    enum import_kind kind;
    struct text source;
    enum import_known known;
    enum file_source fact_source;
};

struct import_record {
    bool found;
    int64_t number;
    struct import_settings settings;
    struct text file_name, file_hash;
    enum import_state state;
    struct text by;
    int64_t started_at_us, finished_at_us, undone_at_us; /* 0: not yet */
    int64_t accepted, updated, unchanged, rejected, lines, broken_lines;
    int64_t removed, restored, kept;
    struct text undone_by;
    bool is_forgotten;
};
struct import_records {
    struct import_record *list;
    size_t count;
};

struct import_line {
    int64_t line;
    enum import_outcome outcome;
    struct id customer, contact; /* zeroes: none */
    int64_t version;             /* of the file or contact as the row left it */
    int64_t customer_number;     /* in lists; 0: none */
    struct text undo, kept_because;
};
struct import_lines {
    struct import_line *list;
    size_t count;
};

#endif
