/*
 * The events that a commit puts in the log.
 */
#include <string.h>

#include "kehu/customers/v1/events.pb-c.h"
#include "services/customers/codec/codec.h"
#include "services/customers/codec/codec_value.h"

/* Packs unless something did not fit into the arena. */
static struct packed pack(const ProtobufCMessage *message, struct arena *arena)
{
    if (arena_is_full(arena))
        return (struct packed){NULL, 0};

    size_t bytes = protobuf_c_message_get_packed_size(message);
    uint8_t *at = arena_take(arena, bytes);

    if (!at)
        return (struct packed){NULL, 0};
    protobuf_c_message_pack(message, at);
    return (struct packed){at, bytes};
}

struct packed codec_customer_registered(const struct id *customer, int64_t number,
                                        const struct codec_reference *reference, bool is_historic,
                                        struct arena *arena)
{
    Kehu__Customers__V1__CustomerRegistered event = KEHU__CUSTOMERS__V1__CUSTOMER_REGISTERED__INIT;

    event.customer_id = codec_value_id(customer, arena);
    event.number = codec_value_number(number, arena);
    event.source = codec_value_text(reference->source, arena);
    event.external_id = codec_value_text(reference->external_id, arena);
    event.historic = is_historic;
    return pack(&event.base, arena);
}

struct packed codec_reference_added(const struct id *customer,
                                    const struct codec_reference *reference, struct arena *arena)
{
    Kehu__Customers__V1__CustomerReferenceAdded event =
        KEHU__CUSTOMERS__V1__CUSTOMER_REFERENCE_ADDED__INIT;

    event.customer_id = codec_value_id(customer, arena);
    event.source = codec_value_text(reference->source, arena);
    event.external_id = codec_value_text(reference->external_id, arena);
    return pack(&event.base, arena);
}

struct packed codec_order_recorded(const struct order *order, struct arena *arena)
{
    Kehu__Customers__V1__OrderRecorded event = KEHU__CUSTOMERS__V1__ORDER_RECORDED__INIT;

    event.customer_id = codec_value_id(&order->counts_as, arena);
    if (memcmp(&order->customer, &order->counts_as, sizeof(order->customer)) != 0)
        event.recorded_on = codec_value_id(&order->customer, arena);
    event.order_id = codec_value_id(&order->id, arena);
    event.kind = (Kehu__Customers__V1__DocumentKind)order->kind;
    event.revision = order->revision;
    event.ordered_at = codec_value_time(order->ordered_at_us, arena);
    event.day = codec_value_day(order->day, arena);
    event.currency = (char *)order->currency;
    event.net_micros = order->net_micros;
    event.lines = order->line_count;
    event.cancelled = order->is_cancelled;
    event.paid_at = codec_value_time_or_absent(order->paid_at_us, arena);
    event.delivered_at = codec_value_time_or_absent(order->delivered_at_us, arena);
    event.historic = order->is_historic;
    return pack(&event.base, arena);
}

struct packed codec_order_moved(const struct order *before, const struct id *to_customer,
                                struct arena *arena)
{
    Kehu__Customers__V1__OrderMoved event = KEHU__CUSTOMERS__V1__ORDER_MOVED__INIT;

    event.customer_id = codec_value_id(&before->counts_as, arena);
    event.order_id = codec_value_id(&before->id, arena);
    event.to_customer_id = codec_value_id(to_customer, arena);
    return pack(&event.base, arena);
}
