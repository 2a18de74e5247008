/*
 * Imports on the wire. What is wrong with a question refuses it; what is wrong with a row rejects
 * that row and nothing else.
 */
#ifndef KEHU_CUSTOMERS_CODEC_IMPORT_H
#define KEHU_CUSTOMERS_CODEC_IMPORT_H

#include "common/pure/zone.h"
#include "services/customers/codec/codec_customer_file.h"
#include "services/customers/domain/contact.h"
#include "services/customers/domain/import_record.h"

#define CODEC_IMPORT_PREFIX "IM"
#define CODEC_IMPORT_MAX_FAULTS 5 /* of a row */
#define IMPORT_MAX_CHANNELS 4     /* a row has columns for */

/* --- questions; INVALID_ARGUMENT: `faults` say all that is wrong; RESOURCE_EXHAUSTED: arena --- */

enum status codec_get_describe_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      enum import_kind *kind, struct text **names, size_t *count,
                                      struct codec_file_faults *faults) MUST_USE;
/* Into settings, file_name and file_hash of the record. */
enum status codec_get_start_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct import_record *out,
                                   struct codec_file_faults *faults) MUST_USE;

/* The rows as they came, until it is known what their columns mean. */
struct codec_import_ask {
    int64_t number; /* 0: dry_run */
    bool is_dry;
    struct import_settings settings; /* of a dry run */
    const ProtobufCMessage *message;
    size_t count;
    int64_t *lines;
};
enum status codec_get_import_rows(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_import_ask *out,
                                  struct codec_file_faults *faults) MUST_USE;

struct codec_import_finish {
    int64_t number, lines, broken_lines;
};
enum status codec_get_finish_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_import_finish *out,
                                    struct codec_file_faults *faults) MUST_USE;
enum status codec_get_get_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 int64_t *number, struct codec_file_faults *faults) MUST_USE;
struct codec_import_list {
    enum import_kind kind;
    int64_t before;
    uint32_t page_size;
};
enum status codec_get_list_imports(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_import_list *out,
                                   struct codec_file_faults *faults) MUST_USE;
struct codec_import_line_list {
    int64_t number;
    unsigned outcomes; /* bits; 0: all */
    bool only_kept;
    int64_t after;
    uint32_t page_size;
};
enum status codec_get_list_import_rows(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_import_line_list *out,
                                       struct codec_file_faults *faults) MUST_USE;
enum status codec_get_undo_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  int64_t *number, struct text *reason,
                                  struct codec_file_faults *faults) MUST_USE;

/* --- rows --- */

struct import_fault {
    const char *column; /* "": the row as a whole */
    const char *why;
};

/* What a row says of a person. */
struct import_person {

    struct text fields[CONTACT_FIELDS]; /* as they are stored; empty: not said */
    const char *role;                   /* "" not said */
    bool has_key, is_key;
    struct {
        const char *kind; /* "mobile" */
        const struct contact_value *value;
    } channels[IMPORT_MAX_CHANNELS];
    size_t channel_count;
};

/* A row while it is looked at. */
struct import_row {
    int64_t line;
    enum import_outcome outcome;
    struct import_fault faults[CODEC_IMPORT_MAX_FAULTS];
    size_t fault_count;
    int64_t number; /* of the customer, once known or drawn */
    struct text external_id;
    struct file_change change;     /* customers; what is empty is not said */
    struct text external_customer; /* contacts: as the cell names the customer */
    struct import_person person;
};
void codec_import_reject(struct import_row *row, const char *column, const char *why);

/* Reads them by the rules of their columns. False with a fault of the question: a column is
 * unknown, there twice, or a needed one is missing. */
enum status codec_read_import_rows(const struct codec_import_ask *ask,
                                   const struct import_settings *settings,
                                   const struct codec_file_asker *asker, struct arena *arena,
                                   struct import_row **out,
                                   struct codec_file_faults *faults) MUST_USE;
/* What one cell says of a person (codec_import_contact.c). */
void codec_read_import_person(struct import_row *row, const struct import_column *column,
                              struct text cell, int32_t today, struct arena *arena);
/* What a cell of that column must be, as a sentence's end. */
const char *codec_import_person_rule(enum import_target target);

/* --- answers, in the arena; NULL when it is full --- */

const ProtobufCMessage *codec_import_description(enum import_kind kind, const struct text *names,
                                                 size_t count, int32_t today, struct arena *arena);
const ProtobufCMessage *codec_import_started(int64_t number, bool is_resumed, int64_t rows,
                                             struct arena *arena);
const ProtobufCMessage *codec_rows_imported(const struct import_row *rows, size_t count,
                                            struct arena *arena);
const ProtobufCMessage *codec_import(const struct import_record *record, const struct zone *zone,
                                     struct arena *arena);
const ProtobufCMessage *codec_import_list(const struct import_record *list, size_t count,
                                          const char *next_page_token, const struct zone *zone,
                                          struct arena *arena);
const ProtobufCMessage *codec_import_row_list(const struct import_line *list, size_t count,
                                              const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_import_undone(int64_t number, int64_t remaining, int64_t removed,
                                            int64_t restored, int64_t kept, struct arena *arena);
/* Events: a file changed by an import or its undo, and what an undo removed. */
const ProtobufCMessage *codec_customer_imported(const struct id *customer,
                                                const char *const *changed, size_t count,
                                                int64_t file_version, struct arena *arena);
const ProtobufCMessage *codec_contact_imported(const struct id *contact, const struct id *customer,
                                               const char *const *changed, size_t count,
                                               int64_t version, struct arena *arena);
const ProtobufCMessage *codec_customer_removed(const struct id *customer, const char *import_number,
                                               struct arena *arena);

#endif
