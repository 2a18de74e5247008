/*
 * What the complaints service tells in its log, as plain structs; and how a customer's cases stand,
 * as answers show it.
 */
#ifndef KEHU_CUSTOMERS_CODEC_COMPLAINTS_H
#define KEHU_CUSTOMERS_CODEC_COMPLAINTS_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "services/customers/domain/customer_cases.h"

struct Kehu__Customers__V1__CustomerCases;

/* Each reads the packed message. False: it is none of that type, or holds what it may not. */
bool codec_get_case_opened(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct case_told *out);
bool codec_get_case_linked(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct case_told *out);
bool codec_get_case_moved(struct arena *arena, const uint8_t *data, size_t bytes,
                          struct case_move_told *out);
bool codec_get_cases_changed(struct arena *arena, const uint8_t *data, size_t bytes,
                             struct cases_told *out);
bool codec_get_erasure_done(struct arena *arena, const uint8_t *data, size_t bytes,
                            struct erasure_part_told *out);

/* NULL: there are none, or the arena is full. */
struct Kehu__Customers__V1__CustomerCases *codec_customer_cases(const struct customer_cases *cases,
                                                                struct arena *arena);
/* kehu.customers.v1.CustomerFlagged; `owner` zeroes: nobody. NULL: the arena is full. */
const ProtobufCMessage *codec_customer_flagged(const struct id *customer,
                                               const struct customer_cases *cases,
                                               const struct id *owner, struct arena *arena);

#endif
