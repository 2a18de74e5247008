/*
 * The data of the six order events, each as an order_event.
 */
#include "services/customers/codec/codec_check.h"

#include <inttypes.h>
#include <string.h>

#include "common/wire.h"
#include "kehu/customers/v1/orders.pb-c.h"
#include "services/customers/domain/customer.h"

#define TYPE(name) "kehu.customers.v1." name
#define MAX_NUMBER 64
#define MAX_NAME 200
#define MAX_REGION 100
#define MAX_PRODUCT 64
#define MAX_DESCRIPTION 500
#define MAX_BATCH 64
#define MAX_REVISION INT32_MAX /* what the database's integer holds */
/* Field numbers in orders.proto: `content` is 3 in all messages that have one. */
#define CONTENT_FIELD 3
#define LINES_FIELD 5

_Static_assert(CUSTOMER_REF_SOURCE_MAX == INTAKE_MAX_SOURCE &&
                   ORDER_MAX_AHEAD_US == INTAKE_MAX_AHEAD_US &&
                   ORDER_HISTORIC_AFTER_US == INTAKE_HISTORIC_AFTER_US,
               "what holds for all events holds for orders");
_Static_assert((int)ORDER_KIND_ORDER == KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_ORDER &&
                   (int)ORDER_KIND_ADJUSTMENT ==
                       KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_ADJUSTMENT &&
                   (int)ORDER_KIND_RETURN ==
                       KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_RETURN,
               "kinds have the same numbers on the wire");

static bool read_number(struct intake_reader *reader, const char *number)
{
    if (!intake_check_length(reader, "data.number", number, 1, MAX_NUMBER))
        return false;
    codec_order_of(reader->item)->number = codec_check_text_of(number);
    return true;
}

/* The path of a line's field; made only when something is wrong with it. */
static const char *line_field(struct intake_reader *reader, size_t i, const char *name)
{
    return arena_print(reader->arena, "data.content.lines[%zu].%s", i, name);
}

static bool read_line_text(struct intake_reader *reader, size_t i, const char *name,
                           const char *value, size_t min, size_t max, struct text *out)
{
    *out = codec_check_text_of(value);
    if (out->bytes >= min && out->bytes <= max)
        return true;
    return intake_check_length(reader, line_field(reader, i, name), value, min, max);
}

static bool read_line(struct intake_reader *reader, size_t i,
                      const Kehu__Customers__V1__OrderLine *line, struct order_line *out)
{
    if (!read_line_text(reader, i, "product", line->product, 1, MAX_PRODUCT, &out->product) ||
        !read_line_text(reader, i, "description", line->description, 0, MAX_DESCRIPTION,
                        &out->description) ||
        !read_line_text(reader, i, "batch", line->batch, 0, MAX_BATCH, &out->batch))
        return false;
    out->quantity_micros = line->quantity_micros;
    out->unit_price_micros = line->unit_price_micros;
    if (!order_line_amount(out->quantity_micros, out->unit_price_micros, &out->amount_micros))
        return intake_reject(reader, line_field(reader, i, "quantity_micros"),
                             "times unit_price_micros is over one billion: both are "
                             "millionths, and a line may come to at most 1,000,000,000");
    return true;
}

static bool read_lines(struct intake_reader *reader,
                       const Kehu__Customers__V1__OrderContent *content, struct order_content *out)
{
    if (content->n_lines == 0)
        return intake_reject(reader, "data.content.lines",
                             "is empty: a document has 1 to 20,000 lines");

    struct order_line *lines = arena_take_array(reader->arena, content->n_lines, sizeof(*lines));

    if (!lines)
        return false;
    for (size_t i = 0; i < content->n_lines; i++)
        if (!read_line(reader, i, content->lines[i], &lines[i]))
            return false;
    out->lines = lines;
    out->line_count = (uint32_t)content->n_lines;
    if (!order_net(lines, out->line_count, &out->net_micros))
        return intake_reject(reader, "data.content.lines",
                             "come to over one billion: a document may come to at most "
                             "1,000,000,000");
    return true;
}

static bool read_customer(struct intake_reader *reader,
                          const Kehu__Customers__V1__CustomerReference *customer,
                          struct order_content *out)
{
    if (!customer || customer->external_id[0] == '\0')
        return true; /* a document without a customer */
    if (!intake_check_length(reader, "data.content.customer.external_id", customer->external_id, 1,
                             CUSTOMER_REF_EXTERNAL_MAX) ||
        !intake_check_length(reader, "data.content.customer.name", customer->name, 0, MAX_NAME))
        return false;
    out->customer = codec_check_text_of(customer->external_id);
    out->customer_name = codec_check_text_of(customer->name);
    return true;
}

/* Fills the event from its content; kind, revision and order number come from the message around
 * it. */
static bool read_content(struct intake_reader *reader,
                         const Kehu__Customers__V1__OrderContent *content, enum order_kind kind,
                         uint32_t revision, const char *order_number)
{
    if (!content)
        return intake_reject(reader, "data.content",
                             "is missing: it holds ordered_at, currency and lines");

    struct order_content *out = arena_take(reader->arena, sizeof(*out));

    if (!out)
        return false;
    out->kind = kind;
    out->revision = revision;
    out->order_number = codec_check_text_of(order_number);
    if (!intake_check_time(reader, "data.content.ordered_at", content->ordered_at,
                           &out->ordered_at_us) ||
        !read_customer(reader, content->customer, out) ||
        !intake_check_length(reader, "data.content.region", content->region, 0, MAX_REGION) ||
        !intake_check_currency(reader, "data.content.currency", content->currency, out->currency) ||
        !read_lines(reader, content, out))
        return false;
    out->region = codec_check_text_of(content->region);
    out->day = zone_day(reader->limits->zone, out->ordered_at_us);

    struct order_event *event = codec_order_of(reader->item);

    event->fact = ORDER_FACT_CONTENT;
    event->content = out;
    event->at_us = reader->item->has_time ? reader->item->time_us : out->ordered_at_us;
    return true;
}

static bool read_placed(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Customers__V1__OrderPlaced *placed = (const void *)message;
    enum order_kind kind = placed->kind ? (enum order_kind)placed->kind : ORDER_KIND_ORDER;

    if (!read_number(reader, placed->number))
        return false;
    if (kind == ORDER_KIND_RETURN)
        return intake_reject(reader, "data.kind",
                             "is DOCUMENT_KIND_RETURN: a return is published as OrderReturned");
    return read_content(reader, placed->content, kind, 0, "");
}

static bool read_amended(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Customers__V1__OrderAmended *amended = (const void *)message;

    if (!read_number(reader, amended->number))
        return false;
    if (amended->revision == 0)
        return intake_reject(reader, "data.revision",
                             "is 0: amendments count 1, 2, 3 …, OrderPlaced is revision 0");
    if (amended->revision > MAX_REVISION)
        return intake_reject(reader, "data.revision",
                             "is %" PRIu32 ": it may be at most 2,147,483,647", amended->revision);
    return read_content(reader, amended->content, ORDER_KIND_ORDER, amended->revision, "");
}

static bool read_returned(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Customers__V1__OrderReturned *returned = (const void *)message;

    return read_number(reader, returned->number) &&
           intake_check_length(reader, "data.order_number", returned->order_number, 0,
                               MAX_NUMBER) &&
           read_content(reader, returned->content, ORDER_KIND_RETURN, 0, returned->order_number);
}

static bool read_cancelled(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Customers__V1__OrderCancelled *cancelled = (const void *)message;

    codec_order_of(reader->item)->fact = ORDER_FACT_CANCELLED;
    return read_number(reader, cancelled->number) &&
           intake_check_time(reader, "data.cancelled_at", cancelled->cancelled_at,
                             &codec_order_of(reader->item)->at_us);
}

static bool read_paid(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Customers__V1__OrderPaid *paid = (const void *)message;
    struct order_event *event = codec_order_of(reader->item);

    event->fact = ORDER_FACT_PAID;
    if (!read_number(reader, paid->number) ||
        !intake_check_time(reader, "data.paid_at", paid->paid_at, &event->at_us) ||
        !intake_check_currency(reader, "data.currency", paid->currency, event->currency))
        return false;
    if (paid->amount_micros > ORDER_MAX_AMOUNT_MICROS ||
        paid->amount_micros < -ORDER_MAX_AMOUNT_MICROS)
        return intake_reject(reader, "data.amount_micros",
                             "is over one billion: it counts millionths, and a payment may "
                             "come to at most 1,000,000,000");
    event->amount_micros = paid->amount_micros;
    return true;
}

static bool read_delivered(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Customers__V1__OrderDelivered *delivered = (const void *)message;

    codec_order_of(reader->item)->fact = ORDER_FACT_DELIVERED;
    return read_number(reader, delivered->number) &&
           intake_check_time(reader, "data.delivered_at", delivered->delivered_at,
                             &codec_order_of(reader->item)->at_us);
}

/* Before anything is unpacked: a document of a million lines must not take the arena of its whole
 * batch. */
static bool check_line_count(struct intake_reader *reader, const uint8_t *data, size_t bytes)
{
    struct wire wire = {.at = data, .end = data + bytes};
    struct wire_field field;
    size_t count = 0;

    if (bytes <= 2 * ORDER_MAX_LINES)
        return true; /* a line takes two bytes at least */
    while (wire_next(&wire, &field))
        if (field.has_bytes && field.number == CONTENT_FIELD)
            count += wire_count(field.at, field.bytes, LINES_FIELD);
    if (count <= ORDER_MAX_LINES)
        return true;
    return intake_reject(reader, "data.content.lines",
                         "has %zu lines: a document has 1 to 20,000, split it", count);
}

static const struct intake_type types[] = {
    {TYPE("OrderPlaced"), &kehu__customers__v1__order_placed__descriptor, read_placed,
     check_line_count, false},
    {TYPE("OrderAmended"), &kehu__customers__v1__order_amended__descriptor, read_amended,
     check_line_count, false},
    {TYPE("OrderCancelled"), &kehu__customers__v1__order_cancelled__descriptor, read_cancelled,
     NULL, false},
    {TYPE("OrderReturned"), &kehu__customers__v1__order_returned__descriptor, read_returned,
     check_line_count, false},
    {TYPE("OrderPaid"), &kehu__customers__v1__order_paid__descriptor, read_paid, NULL, false},
    {TYPE("OrderDelivered"), &kehu__customers__v1__order_delivered__descriptor, read_delivered,
     NULL, false},
};

enum status codec_get_publish(const uint8_t *payload, size_t bytes,
                              const struct intake_limits *limits, struct arena *arena,
                              struct intake *out, char *field, size_t field_bytes, char *why,
                              size_t why_bytes)
{
    static const struct intake_types known = {
        types, COUNT_OF(types),
        "kehu.customers.v1.OrderPlaced, OrderAmended, OrderCancelled, OrderReturned, OrderPaid and "
        "OrderDelivered",
        sizeof(struct order_event)};
    enum status status =
        intake_read(payload, bytes, &known, limits, arena, out, field, field_bytes, why, why_bytes);

    for (size_t i = 0; status == OK && i < out->count; i++) {
        struct intake_item *item = &out->items[i];

        if (!item->event)
            item->event = arena_take(arena, sizeof(struct order_event));
        if (!item->event)
            return RESOURCE_EXHAUSTED;
        codec_order_of(item)->source = item->source;
        codec_order_of(item)->id = item->id;
        item->at_us = codec_order_of(item)->at_us;
    }
    return status;
}
