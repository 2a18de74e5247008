/*
 * Privacy on the wire: questions, how a person stands, and the document of everything known of him.
 */
#ifndef KEHU_CUSTOMERS_CODEC_PRIVACY_H
#define KEHU_CUSTOMERS_CODEC_PRIVACY_H

#include "common/seal.h"
#include "services/customers/codec/codec_people.h"
#include "services/customers/domain/privacy_record.h"

/* A question about one person. */
struct codec_privacy_ask {
    bool is_customer;
    struct id contact;            /* of a contact */
    struct customer_question ref; /* of a customer */
    struct text reason;           /* restrict, lift, erase */
    bool is_dry_run;              /* erase */
    const char *lang;             /* of a document: "zh" or "en" */
    struct privacy_hold hold;     /* place and release: kind, subject, until */
};

enum status codec_get_person(const char *type, const uint8_t *payload, size_t bytes, int32_t today,
                             struct arena *arena, struct codec_privacy_ask *out,
                             struct codec_file_faults *faults) MUST_USE;

struct codec_privacy_list_ask {
    const char *state; /* "" all */
    uint32_t page_size;
    struct privacy_place after;
};
enum status codec_get_privacy_list(const char *type, const uint8_t *payload, size_t bytes,
                                   struct arena *arena, struct codec_privacy_list_ask *out,
                                   struct codec_file_faults *faults) MUST_USE;

/* --- answers and events, in the arena; NULL when it is full --- */

struct codec_privacy_view {
    const struct privacy_standing_row *standing; /* not found: active */
    const struct id *person;
    const struct privacy_hold *holds; /* that stand */
    size_t hold_count;
    const struct privacy_parts *parts;
    int64_t values;
    int32_t free_on; /* PRIVACY_NO_DAY: not known */
};
const ProtobufCMessage *codec_person_standing(const struct codec_privacy_view *view,
                                              struct arena *arena);
const ProtobufCMessage *codec_hold_reply(const struct id *hold, bool is_erased,
                                         struct arena *arena);
/* `count` rows, of which at most page_size are told. */
const ProtobufCMessage *codec_erasure_list(const struct privacy_standings *list, uint32_t page_size,
                                           struct arena *arena);
const ProtobufCMessage *codec_retention_due_list(const struct privacy_dues *list, uint32_t months,
                                                 uint32_t page_size, struct arena *arena);
const ProtobufCMessage *codec_personal_columns(struct arena *arena);
const ProtobufCMessage *codec_person_restricted(const struct privacy_person *person, bool is_lifted,
                                                struct arena *arena);
const ProtobufCMessage *codec_person_erased(const struct privacy_person *person,
                                            struct arena *arena);
const ProtobufCMessage *codec_erasure_done(const struct id *person, int64_t values,
                                           struct arena *arena);

/* --- the rows of a person (codec_privacy_rows.c) --- */

/* Everything known of him as one JSON document: sealed values opened, nothing of the vault's keys.
 * `values` counts the personal ones. */
const ProtobufCMessage *codec_subject_access(const struct privacy_rows *const *rows, size_t count,
                                             const struct privacy_person *person, int64_t now_us,
                                             const char *lang, const struct seal *seal,
                                             struct arena *arena);

/* The rows of one sealed chunk of the vault, to be read; false: it does not open. */
bool codec_privacy_open(const struct privacy_sealed *sealed, const struct seal *seal,
                        struct arena *arena, struct privacy_rows *out) MUST_USE;
/* The same as an array to be put back: values that are sealed by themselves in their tables are
 * sealed with the current key. */
bool codec_privacy_restore(const struct privacy_sealed *sealed, const struct seal *seal,
                           struct arena *arena, struct text *json) MUST_USE;

/* The words by which he is known, to be struck out of free texts: his name, stored salutation,
 * numbers, e-mail and postal addresses, of two characters and more. At most `room`; returns how
 * many. Never more than codec_privacy_word_room of the same rows. */
size_t codec_privacy_word_room(const struct privacy_rows *rows);
size_t codec_privacy_words(const struct privacy_rows *rows, const struct seal *seal,
                           struct arena *arena, struct text *words, size_t room);

/* Arrays of rows of one table, each small enough to be sealed. Values that are sealed by themselves
 * in their tables stand open in them: what is sealed twice would not outlive the inner key. */
struct codec_privacy_chunk {
    const char *table;
    struct text json;
};
struct codec_privacy_chunks {
    struct codec_privacy_chunk *list;
    size_t count;
};
/* False: no memory, or a row that is too large. */
bool codec_privacy_pack(const struct privacy_rows *const *rows, size_t count,
                        const struct seal *seal, struct arena *arena,
                        struct codec_privacy_chunks *out) MUST_USE;

#endif
