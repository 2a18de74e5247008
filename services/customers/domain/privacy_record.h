/*
 * A person as the database knows him: the rows that are his, how he stands, what holds him, what is
 * kept of him.
 */
#ifndef KEHU_CUSTOMERS_PRIVACY_RECORD_H
#define KEHU_CUSTOMERS_PRIVACY_RECORD_H

#include "services/customers/domain/privacy.h"

/* A row of the person, with the version that guards it. */
struct privacy_member {
    struct id id;
    int64_t version;
};

/* A contact; or a customer who is a person, with those merged into him and the contacts that are
 * he himself. */
struct privacy_person {
    bool found;
    bool is_customer;
    struct id id;
    struct privacy_member *contacts;
    size_t contact_count;
    struct privacy_member *customers; /* whose files are his own; none of a contact */
    size_t customer_count;
    struct id *related; /* customers whose contact he is */
    size_t related_count;
    int64_t self_number;  /* of a contact: the customer, a person, who he is himself; 0: none */
    bool has_transaction; /* as a customer himself */
    int32_t last_transaction;
};

/* How he stands; without a row he is PRIVACY_OPEN. */
struct privacy_standing_row {
    bool found;
    struct id person;
    bool is_customer;
    enum privacy_state state;
    struct text reason, asked_by;
    int64_t asked_at_us, erased_at_us; /* 0: not erased */
    int64_t values;
    int64_t version;
};

struct privacy_holds {
    struct privacy_hold *list; /* placed ones, released ones too, latest first */
    size_t count;
};

struct privacy_parts {
    struct privacy_part {
        struct text service;
        int64_t done_at_us, values;
    } * list;
    size_t count;
};

/* Rows of his tables as JSON, in the order of the schema. */
struct privacy_rows {
    struct privacy_row {
        struct text table, json;
    } * list;
    size_t count;
};

/* How much is kept of him, and a mark that changes with any of it. */
struct privacy_tally {
    int64_t values;
    struct text mark;
};

struct privacy_vault {
    struct privacy_sealed {
        struct id id;
        struct text table, sealed;
    } * list;
    size_t count;
};

struct privacy_place {
    bool has_last;
    int64_t at; /* of the last row before the page: microseconds, or a day */
    struct id id;
};

struct privacy_standings {
    struct privacy_standing_row *list; /* a page and one more */
    size_t count;
};

struct privacy_due {
    struct id person;
    bool is_customer;
    int32_t last_event;
};

struct privacy_dues {
    struct privacy_due *list;
    size_t count;
};

#endif
