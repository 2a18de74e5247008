/*
 * The data of the six order events: which types are known, and each one's message as an
 * order_event.
 */
#ifndef KEHU_CUSTOMERS_CODEC_EVENT_H
#define KEHU_CUSTOMERS_CODEC_EVENT_H

#include "services/customers/codec/codec_check.h"

/* The six types as a sentence. */
#define CODEC_EVENT_TYPES                                                                          \
    "kehu.customers.v1.OrderPlaced, OrderAmended, OrderCancelled, OrderReturned, OrderPaid and "   \
    "OrderDelivered"

/* One of the six known types; NULL when it is none. */
struct codec_event_type;
const struct codec_event_type *codec_event_find(const char *type);

/*
 * Decodes and checks the data into reader->item->event, whose source and id are set. False when the
 * item is rejected or the arena is full.
 */
bool codec_event_read(struct codec_reader *reader, const struct codec_event_type *type,
                      const uint8_t *data, size_t bytes);

#endif
