/*
 * The dictionary of a file's fields: what may be known of a party, how it is written, what it is
 * called (R3 to R6, WORDS.md). Everything about a field stands in one row of fields.c. Sensitive
 * facts (family, native place, identity card) have no field and so cannot be stored.
 */
#ifndef KEHU_CUSTOMERS_FIELDS_H
#define KEHU_CUSTOMERS_FIELDS_H

#include "common/base.h"
#include "common/pure/china.h"

#define FIELDS_MAX 40      /* fields in the dictionary, at most */
#define FIELDS_MAX_NAME 64 /* bytes of a field's name with the terminator */

enum fields_type {
    FIELDS_TYPE_TEXT,
    FIELDS_TYPE_NAME,  /* of a person or company */
    FIELDS_TYPE_PHONE, /* E.164; " ext 801" behind it; 95588 as dialled */
    FIELDS_TYPE_EMAIL,
    FIELDS_TYPE_CREDIT_CODE, /* 统一社会信用代码 */
    FIELDS_TYPE_INTEGER,
    FIELDS_TYPE_DECIMAL, /* up to six decimals */
    FIELDS_TYPE_DATE,    /* YYYY-MM-DD, not in the future */
    FIELDS_TYPE_CHOICE,
};

enum fields_group {
    FIELDS_GROUP_BASIC,
    FIELDS_GROUP_BUSINESS,
};

/* How much a file lacks without it. */
enum fields_need {
    FIELDS_NEED_NONE,     /* the field is not for this nature */
    FIELDS_NEED_OPTIONAL, /* not counted */
    FIELDS_NEED_EXPECTED, /* counts for completeness */
    FIELDS_NEED_REQUIRED, /* and is missing before pitching */
};

struct field {
    const char *name; /* "legal_representative" */
    enum fields_group group;
    enum fields_type type;
    enum fields_need of_organisations, of_persons;
    bool is_personal;
    const char *stands_for;     /* an optional field that fills an expected one: age a birth_date */
    const char *const *choices; /* of a CHOICE; ends with NULL */
    int64_t min,
        max; /* characters of a text or name; bounds of an integer; of a decimal in millionths */
    const char *english, *chinese;
};

extern const struct field fields[];
extern const size_t fields_count;

/* The field of that name; NULL: none. */
const struct field *fields_find(struct text name);
enum fields_need fields_need_of(const struct field *field, bool is_person);
const char *fields_type_name(enum fields_type type);    /* "credit_code" */
const char *fields_group_name(enum fields_group group); /* "basic" */

/* Room that the value of a field needs once it is read: more for what may grow. */
size_t fields_room(struct text value);

/* Why a value is not taken; the sentences stand in codec_file_words.c. */
enum fields_refusal {
    FIELDS_FINE,
    FIELDS_EMPTY,
    FIELDS_TOO_LONG, /* more than max characters */
    FIELDS_NO_NAME,  /* this and the next three: enum china_refusal says more */
    FIELDS_NO_PHONE,
    FIELDS_NO_EMAIL,
    FIELDS_NO_CREDIT_CODE,
    FIELDS_NO_NUMBER, /* not a number from min to max */
    FIELDS_NO_DAY,    /* not a day from 1900 to today */
    FIELDS_NO_CHOICE,
};

/*
 * Reads a value as people write it into the form that is stored: trimmed, phones to E.164, credit
 * codes as on the licence, numbers without leading zeros. `today` is the local date. `out` has
 * fields_room(value) bytes. `detail` is set where the refusal says so.
 */
enum fields_refusal fields_read(const struct field *field, struct text value, int32_t today,
                                char *out, enum china_refusal *detail) MUST_USE;

/* What is known of a field, as far as completeness goes. */
struct fields_known {
    const struct field *field;
    bool is_disputed;
};

/* How complete a file is and what is missing before pitching (R3, R4, R13): a required field that
 * nobody filled or that is disputed. */
struct fields_score {
    int64_t completeness_micros; /* share of the expected fields that are filled; disputed ones
                                    count half */
    const char *missing[FIELDS_MAX];
    size_t missing_count;
};
struct fields_score fields_score(bool is_person, const struct fields_known *known, size_t count);

#endif
