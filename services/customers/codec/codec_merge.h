/*
 * The messages of merging and of duplicates.
 */
#ifndef KEHU_CUSTOMERS_CODEC_MERGE_H
#define KEHU_CUSTOMERS_CODEC_MERGE_H

#include "services/customers/codec/codec_ask.h"
#include "services/customers/domain/duplicate.h"
#include "services/customers/domain/merge.h"

struct codec_merge_ask {
    struct customer_question survivor, merged;
    struct text reason;
};

/* Of UndoMerge and GetMerge: by the merge's id, or (zeroes) by the merged customer. */
struct codec_merge_which {
    struct id id;
    struct customer_question merged;
    struct text reason;
};

struct codec_merge_list {
    bool has_ref;
    struct customer_question ref;
    bool only_standing;
    uint32_t page_size;
    struct id before; /* zeroes: from the latest */
};

/* Questions: INVALID_ARGUMENT fills the fault, RESOURCE_EXHAUSTED: the arena is full. */
enum status codec_get_merge_customers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_merge_ask *out,
                                      struct codec_ask_fault *fault) MUST_USE;
enum status codec_get_undo_merge(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_merge_which *out,
                                 struct codec_ask_fault *fault) MUST_USE;
enum status codec_get_get_merge(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_merge_which *out,
                                struct codec_ask_fault *fault) MUST_USE;
enum status codec_get_list_merges(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_merge_list *out,
                                  struct codec_ask_fault *fault) MUST_USE;

/* Answers and events, in the arena; NULL when it is full. `moves` may be NULL. */
const ProtobufCMessage *codec_merge(const struct merge_record *record,
                                    const struct merge_moves_list *moves, struct arena *arena);
const ProtobufCMessage *codec_merge_records(const struct merge_records *records, size_t count,
                                            const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_customers_merged(const struct merge_record *record,
                                               struct arena *arena);
const ProtobufCMessage *codec_merge_undone(const struct merge_record *record, struct arena *arena);

/* --- duplicates (codec_duplicate.c) --- */

struct codec_duplicate_list {
    bool has_ref;
    struct customer_question ref;
    unsigned reasons; /* bits of enum duplicate_reason; all where none is named */
    uint32_t page_size;
    struct duplicate_place after;
};

struct codec_duplicate_pair {
    struct customer_question a, b;
    struct text reason;
};

enum status codec_get_list_duplicates(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_duplicate_list *out,
                                      struct codec_ask_fault *fault) MUST_USE;
enum status codec_get_dismiss_duplicate(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct codec_duplicate_pair *out,
                                        struct codec_ask_fault *fault) MUST_USE;
const ProtobufCMessage *codec_duplicate_list(const struct duplicate_pair *pairs, size_t count,
                                             const struct duplicate_place *next,
                                             struct arena *arena);
const ProtobufCMessage *codec_duplicate_dismissed(int64_t a, int64_t b, struct arena *arena);

#endif
