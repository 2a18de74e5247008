/*
 * Protobuf to domain structs and back; the only place of this service that sees generated code.
 * Text handed out is borrowed from the request's arena or payload.
 */
#ifndef KEHU_CUSTOMERS_CODEC_H
#define KEHU_CUSTOMERS_CODEC_H

#include "common/arena.h"
#include "common/base.h"
#include "common/pure/zone.h"
#include "common/status.h"
#include "services/customers/domain/customer.h"
#include "services/customers/domain/order.h"
#include "services/customers/domain/sales.h"

/*
 * One event of a Publish as it stands before the decision. Of an event that cannot be decoded at
 * all, source, id and type are what could be read of them, else empty, and raw is the whole event.
 */
struct intake_item {
    bool is_rejected; /* `field` and `why` say so; event may be partly filled */
    const char *field;
    const char *why;
    struct text source; /* as sent; cut to 64 bytes when too long */
    struct text id;     /* as sent; cut to 128 bytes when too long */
    struct text type;
    uint8_t hash[32];   /* SHA-256 over type, subject and data bytes, each followed by one 0 byte */
    const uint8_t *raw; /* the packed data, for the quarantine */
    size_t raw_bytes;
    struct order_event event;
};

struct intake {
    struct intake_item *items;
    size_t count;
};

struct intake_limits {
    int64_t now_us;
    const struct zone *zone;
};

/*
 * Decodes a Publish: every item is either a checked order_event or rejected with its field (path
 * from the CloudEvent: "id", "time", "data.content.lines[2].product") and why. INVALID_ARGUMENT
 * only when the whole payload is no Publish or holds no or over 2,000 events; RESOURCE_EXHAUSTED
 * when the arena is full.
 *
 * Each event is decoded alone, so one that is broken, not UTF-8 or too long rejects itself only.
 * The event's business time (at_us) is the attribute `time`, or without it ordered_at, where it
 * carries content; of a cancellation, payment or delivery it is the time in its data. An amendment
 * says no kind and counts as ORDER until what it amends is known (order_apply). The payload must
 * outlive the items.
 */
enum status codec_get_publish(const uint8_t *payload, size_t bytes,
                              const struct intake_limits *limits, struct arena *arena,
                              struct intake *out, char *field, size_t field_bytes, char *why,
                              size_t why_bytes) MUST_USE;

/* The answer per item, in the order sent. */
enum intake_outcome {
    INTAKE_ACCEPTED = 1,
    INTAKE_DUPLICATE = 2,
    INTAKE_REJECTED = 3,
};

struct intake_answer {
    enum intake_outcome outcome;
    bool is_historic;
    const char *field;
    const char *why;
};

/* A message for flow_reply, in the arena; NULL when the arena is full. */
const ProtobufCMessage *codec_published(const struct intake_answer *answers, size_t count,
                                        struct arena *arena);

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
