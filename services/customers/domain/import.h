/*
 * Imports of customers and contacts: what a table's columns mean, the words its cells may use, what
 * becomes of a row, and what an undo may take back. Pure.
 */
#ifndef KEHU_CUSTOMERS_IMPORT_H
#define KEHU_CUSTOMERS_IMPORT_H

#include "services/customers/domain/fields.h"

#define IMPORT_MAX_ROWS 500    /* in one request */
#define IMPORT_MAX_COLUMNS 40  /* likewise */
#define IMPORT_MAX_NAMES 512   /* of columns to be explained */
#define IMPORT_MAX_NAME 200    /* characters of a column's or a file's name */
#define IMPORT_MAX_REASON 500  /* characters */
#define IMPORT_UNDO_DAYS 90    /* after its start; then the former values are forgotten */
#define IMPORT_NUMBER_BYTES 24 /* of a printed number */

/* The numbers are those of the wire. */
enum import_kind {
    IMPORT_KIND_NONE = 0,
    IMPORT_KIND_CUSTOMERS = 1,
    IMPORT_KIND_CONTACTS = 2,
};
enum import_known {
    IMPORT_KNOWN_KEEP = 1,
    IMPORT_KNOWN_UPDATE = 2,
};
enum import_outcome {
    IMPORT_OUTCOME_OPEN = 0, /* not decided yet */
    IMPORT_OUTCOME_ACCEPTED = 1,
    IMPORT_OUTCOME_UPDATED = 2,
    IMPORT_OUTCOME_UNCHANGED = 3,
    IMPORT_OUTCOME_REJECTED = 4,
};
enum import_state {
    IMPORT_STATE_NONE = 0,
    IMPORT_STATE_OPEN = 1,
    IMPORT_STATE_FINISHED = 2,
    IMPORT_STATE_UNDOING = 3,
    IMPORT_STATE_UNDONE = 4,
};
/* As rows have them: "customers", "keep", "accepted", "open"; "" for none. The other way round an
 * unknown word is 0. */
const char *import_kind_name(enum import_kind kind);
enum import_kind import_kind_read(struct text name);
const char *import_known_name(enum import_known known);
enum import_known import_known_read(struct text name);
const char *import_outcome_name(enum import_outcome outcome);
enum import_outcome import_outcome_read(struct text name);
enum import_state import_state_read(struct text name);

/* "IM000012", terminated; longer from the millionth on. False: the text is no such number. */
void import_number_print(const char prefix[3], int64_t number, char out[IMPORT_NUMBER_BYTES]);
bool import_number_read(const char prefix[3], struct text text, int64_t *number);

/* --- columns (import_columns.c) --- */

enum import_target {
    IMPORT_TARGET_EXTERNAL_ID = 1,
    IMPORT_TARGET_PARTY,
    IMPORT_TARGET_NATURE,
    IMPORT_TARGET_REGION,
    IMPORT_TARGET_FACT,     /* a field of the dictionary */
    IMPORT_TARGET_CUSTOMER, /* from here on: of contacts */
    IMPORT_TARGET_NAME,
    IMPORT_TARGET_GENDER,
    IMPORT_TARGET_SALUTATION,
    IMPORT_TARGET_TITLE,
    IMPORT_TARGET_DEPARTMENT,
    IMPORT_TARGET_ROLE,
    IMPORT_TARGET_BIRTHDAY,
    IMPORT_TARGET_KEY,
    IMPORT_TARGET_MOBILE,
    IMPORT_TARGET_PHONE,
    IMPORT_TARGET_EMAIL,
    IMPORT_TARGET_WECHAT,
};

struct import_column {
    const char *field; /* "external_id", "name", "mobile" */
    enum import_target target;
    const struct field *fact; /* of IMPORT_TARGET_FACT */
    bool is_required;
    const char *names; /* further ones, separated by '|' */
};

/* The column of that kind by any of its names, without regard to case, width, spaces, _ and *.
 * False: none has it. */
bool import_columns_find(enum import_kind kind, struct text name, struct import_column *out);
/* All of them, by place; false behind the last. */
bool import_columns_at(enum import_kind kind, size_t place, struct import_column *out);

/* --- cells (import_words.c) --- */

/* What a word of a cell is called in the service: "男" of a gender is "male"; other text stays. */
struct text import_words_read(const struct import_column *column, struct text cell);

/* --- undo --- */

/* What has become of somebody whom a row made or changed. */
struct import_standing {
    bool is_gone;    /* merged into another, or a tombstone already */
    bool is_changed; /* the file or contact itself, since the row wrote it */
    bool has_orders;
    bool has_people; /* contacts beyond those that go with it */
    bool has_below;  /* organisations that belong to it */
    bool has_owner;  /* whom no rule gave it */
    bool has_more;   /* anything else that somebody wrote to it */
};
/* Why it cannot go, as a sentence's end: "has orders"; NULL: it can. */
const char *import_keep_because(const struct import_standing *standing);

#endif
