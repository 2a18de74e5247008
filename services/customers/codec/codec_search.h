/*
 * SearchCustomers on the wire.
 */
#ifndef KEHU_CUSTOMERS_CODEC_SEARCH_H
#define KEHU_CUSTOMERS_CODEC_SEARCH_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/status.h"
#include "services/customers/domain/search.h"

struct codec_search {
    struct search_query query;
    size_t query_characters;
    size_t page_size;
    struct search_page page; /* one row more than page_size */
};

/* INVALID_ARGUMENT: `field` is the wrong one and `why` says what would be right.
 * RESOURCE_EXHAUSTED: the arena is full. */
enum status codec_get_search_customers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_search *out, char *field, size_t field_bytes,
                                       char *why, size_t why_bytes) MUST_USE;

/* A CustomerList of at most page_size hits, with the token of the next page where there are more;
 * NULL: the arena is full. */
const ProtobufCMessage *codec_search_result(const struct codec_search *ask,
                                            const struct search_hits *hits, struct arena *arena);

#endif
