#include "tests/bench/support/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/orders.pb-c.h"

/* Small prices and whole quantities: quantity * price never needs rounding. */
static void make_line(uint64_t index, uint32_t i, struct bench_line *line)
{
    uint64_t dice = (index * 20 + i) * UINT64_C(0x9E3779B97F4A7C15);
    int64_t quantity = 1 + (int64_t)(dice >> 60);

    snprintf(line->product, sizeof(line->product), "P%06u", (unsigned)((dice >> 20) % 5000));
    snprintf(line->description, sizeof(line->description), "white hanging heart holder %03u",
             (unsigned)((dice >> 20) % 1000));
    line->quantity_micros = quantity * 1000000;
    line->unit_price_micros = (int64_t)((dice >> 40) % 3000 + 25) * 10000;
    line->amount_micros = quantity * line->unit_price_micros;
}

void orders_make(uint64_t index, uint32_t customers, uint32_t lines, int64_t base_us,
                 struct bench_order *out)
{
    uint32_t customer = (uint32_t)(index % customers * 7919 % customers);

    out->index = index;
    out->customer_index = customer;
    snprintf(out->number, sizeof(out->number), "N%010llu", (unsigned long long)index);
    snprintf(out->event_id, sizeof(out->event_id), "placed-N%010llu", (unsigned long long)index);
    snprintf(out->customer, sizeof(out->customer), "C%06u", customer);
    snprintf(out->region, sizeof(out->region), "region %u", customer % BENCH_REGIONS);
    out->ordered_at_us =
        base_us - (int64_t)(index / customers % 5) * DAY_US - (int64_t)(index % 43200) * SECOND_US;
    out->line_count = lines;
    out->net_micros = 0;
    for (uint32_t i = 0; i < lines; i++) {
        make_line(index, i, &out->lines[i]);
        out->net_micros += out->lines[i].amount_micros;
    }
}

static Google__Protobuf__Timestamp timestamp(int64_t at_us)
{
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    time.seconds = at_us / SECOND_US;
    time.nanos = (int32_t)(at_us % SECOND_US) * 1000;
    return time;
}

static size_t pack_placed(const struct bench_order *order, uint8_t *out)
{
    Google__Protobuf__Timestamp at = timestamp(order->ordered_at_us);
    Kehu__Customers__V1__CustomerReference customer = KEHU__CUSTOMERS__V1__CUSTOMER_REFERENCE__INIT;
    Kehu__Customers__V1__OrderContent content = KEHU__CUSTOMERS__V1__ORDER_CONTENT__INIT;
    Kehu__Customers__V1__OrderPlaced placed = KEHU__CUSTOMERS__V1__ORDER_PLACED__INIT;
    Kehu__Customers__V1__OrderLine lines[20], *pointers[20];

    for (uint32_t i = 0; i < order->line_count; i++) {
        const struct bench_line *line = &order->lines[i];
        kehu__customers__v1__order_line__init(&lines[i]);
        lines[i].product = (char *)line->product;
        lines[i].description = (char *)line->description;
        lines[i].quantity_micros = line->quantity_micros;
        lines[i].unit_price_micros = line->unit_price_micros;
        pointers[i] = &lines[i];
    }
    customer.external_id = (char *)order->customer;
    content.ordered_at = &at;
    content.customer = &customer;
    content.region = (char *)order->region;
    content.currency = (char *)"CNY";
    content.n_lines = order->line_count;
    content.lines = pointers;
    placed.number = (char *)order->number;
    placed.content = &content;
    return kehu__customers__v1__order_placed__pack(&placed, out);
}

/* One packed CloudEvent as element of Publish.events; `out` has room for 4 kB. */
static size_t pack_event(const struct bench_order *order, const char *source, uint8_t *out)
{
    static char type[] = "kehu.customers.v1.OrderPlaced";
    uint8_t data[3500];
    Google__Protobuf__Timestamp at = timestamp(order->ordered_at_us);
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue value =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__INIT;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry time =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__ATTRIBUTES_ENTRY__INIT;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry *attributes[] = {&time};
    Io__Cloudevents__V1__CloudEvent event;
    Io__Cloudevents__V1__CloudEvent *events[] = {&event};
    Kehu__Bus__V1__Publish publish = KEHU__BUS__V1__PUBLISH__INIT;

    io__cloudevents__v1__cloud_event__init(&event);
    value.attr_case =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP;
    value.ce_timestamp = &at;
    time.key = (char *)"time";
    time.value = &value;
    event.id = (char *)order->event_id;
    event.source = (char *)source;
    event.spec_version = (char *)"1.0";
    event.type = type;
    event.n_attributes = 1;
    event.attributes = attributes;
    event.data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA;
    event.binary_data.data = data;
    event.binary_data.len = pack_placed(order, data);
    publish.n_events = 1;
    publish.events = events;
    /* Messages may be concatenated: their repeated fields add up. */
    return kehu__bus__v1__publish__pack(&publish, out);
}

uint8_t *orders_pack_publish(uint64_t first, uint32_t count, uint32_t customers, uint32_t lines,
                             int64_t base_us, const char *source, size_t *bytes)
{
    uint8_t *out = malloc((size_t)count * (400 + (size_t)lines * 160));
    struct bench_order order;

    *bytes = 0;
    for (uint32_t i = 0; out && i < count; i++) {
        orders_make(first + i, customers, lines, base_us, &order);
        *bytes += pack_event(&order, source, out + *bytes);
    }
    return out ? realloc(out, *bytes) : NULL;
}

size_t orders_pack_recorded(const struct bench_order *order, const char *customer_id,
                            const char *order_id, const char *day, uint8_t out[256])
{
    Google__Protobuf__Timestamp at = timestamp(order->ordered_at_us);
    Kehu__Customers__V1__OrderRecorded recorded = KEHU__CUSTOMERS__V1__ORDER_RECORDED__INIT;

    recorded.customer_id = (char *)customer_id;
    recorded.order_id = (char *)order_id;
    recorded.kind = KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_ORDER;
    recorded.ordered_at = &at;
    recorded.day = (char *)day;
    recorded.currency = (char *)"CNY";
    recorded.net_micros = order->net_micros;
    recorded.lines = order->line_count;
    return kehu__customers__v1__order_recorded__pack(&recorded, out);
}
