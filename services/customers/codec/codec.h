/*
 * Protobuf to domain structs and back; the only place of this service that sees generated code.
 * Text handed out is borrowed from the request's arena or payload.
 */
#ifndef KEHU_CUSTOMERS_CODEC_H
#define KEHU_CUSTOMERS_CODEC_H

#include "common/arena.h"
#include "common/base.h"
#include "common/intake.h"
#include "common/pure/zone.h"
#include "common/status.h"
#include "services/customers/domain/customer.h"
#include "services/customers/domain/order.h"
#include "services/customers/domain/sales.h"

/*
 * Decodes a Publish (common/intake.h): every item is either a checked order_event or rejected.
 *
 * The event's business time (at_us) is the attribute `time`, or without it ordered_at, where it
 * carries content; of a cancellation, payment or delivery it is the time in its data. An amendment
 * says no kind and counts as ORDER until what it amends is known (order_apply).
 */
enum status codec_get_publish(const uint8_t *payload, size_t bytes,
                              const struct intake_limits *limits, struct arena *arena,
                              struct intake *out, char *field, size_t field_bytes, char *why,
                              size_t why_bytes) MUST_USE;

/* What an item that was not rejected says. */
static inline struct order_event *codec_order_of(const struct intake_item *item)
{
    return item->event;
}

/* Packed data of an event for the log, in the arena; empty when the arena is full. */
struct packed {
    const uint8_t *at;
    size_t bytes;
};

/* By what another system knows a customer. */
struct codec_reference {
    struct text source, external_id; /* of who has no such name the source alone is there */
};

struct packed codec_customer_registered(const struct id *customer, int64_t number,
                                        const struct codec_reference *reference, bool is_historic,
                                        struct arena *arena);
struct packed codec_reference_added(const struct id *customer,
                                    const struct codec_reference *reference, struct arena *arena);
struct packed codec_order_recorded(const struct order *order, struct arena *arena);
/* `before` is the document as it was with the customer that it left. */
struct packed codec_order_moved(const struct order *before, const struct id *to_customer,
                                struct arena *arena);

/* The types of what we publish. */
#define CODEC_CUSTOMER_REGISTERED "kehu.customers.v1.CustomerRegistered"
#define CODEC_REFERENCE_ADDED "kehu.customers.v1.CustomerReferenceAdded"
#define CODEC_ORDER_RECORDED "kehu.customers.v1.OrderRecorded"
#define CODEC_ORDER_MOVED "kehu.customers.v1.OrderMoved"

/*
 * Questions. INVALID_ARGUMENT: `field` is the path of the first wrong field and `why` says what is
 * wrong with it and what would be right, for flow_violation; RESOURCE_EXHAUSTED when the arena is
 * full.
 */
enum status codec_get_get_customer(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct customer_question *out, char *field, size_t field_bytes,
                                   char *why, size_t why_bytes) MUST_USE;
enum status codec_get_report_sales(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct sales_question *out, char *field, size_t field_bytes,
                                   char *why, size_t why_bytes) MUST_USE;

/* Answers for flow_reply, in the arena; NULL when it is full. The token is empty or NULL on the
 * last page. */
const ProtobufCMessage *codec_customer(const struct customer_file *file, struct arena *arena);
const ProtobufCMessage *codec_sales_report(const struct sales_row *rows, size_t count,
                                           const char *next_page_token, struct arena *arena);

#endif
