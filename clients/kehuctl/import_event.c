/*
 * The only place of an import that knows protobuf's structs.
 */
#include "clients/kehuctl/import_event.h"

#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "kehu/complaints/v1/events.pb-c.h"
#include "kehu/customers/v1/orders.pb-c.h"

#include <stdio.h>
#include <stdlib.h>

struct bytes {
    uint8_t *at;
    size_t count;
    size_t room;
};

struct import_packer {
    const char *source;
    struct bytes data;  /* the order */
    struct bytes event; /* the event around it */
    Kehu__Customers__V1__OrderLine *lines;
    Kehu__Customers__V1__OrderLine **line_list;
    size_t line_room;
};

struct import_packer *import_packer_new(const char *source)
{
    struct import_packer *packer = calloc(1, sizeof(*packer));

    if (packer != NULL)
        packer->source = source;
    return packer;
}

void import_packer_free(struct import_packer *packer)
{
    if (packer == NULL)
        return;
    free(packer->data.at);
    free(packer->event.at);
    free(packer->lines);
    free(packer->line_list);
    free(packer);
}

static Google__Protobuf__Timestamp timestamp(int64_t at_us)
{
    Google__Protobuf__Timestamp stamp = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    int64_t micros = ((at_us % SECOND_US) + SECOND_US) % SECOND_US;

    stamp.seconds = (at_us - micros) / SECOND_US;
    stamp.nanos = (int32_t)(micros * 1000);
    return stamp;
}

static bool pack_bytes(const ProtobufCMessage *message, struct bytes *out)
{
    size_t count = protobuf_c_message_get_packed_size(message);

    if (count > out->room) {
        uint8_t *larger = realloc(out->at, count * 2);

        if (larger == NULL)
            return false;
        out->at = larger;
        out->room = count * 2;
    }
    out->count = protobuf_c_message_pack(message, out->at);
    return true;
}

/* The CloudEvent around the fact: its time is the business time. */
static bool pack_event(struct import_packer *packer, const char *id, int64_t at_us,
                       const ProtobufCMessage *fact, size_t lines, struct import_event *event)
{
    Google__Protobuf__Timestamp at = timestamp(at_us);
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue value;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry entry =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__ATTRIBUTES_ENTRY__INIT;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry *entries[] = {&entry};
    Io__Cloudevents__V1__CloudEvent cloud;
    Google__Protobuf__Any any = GOOGLE__PROTOBUF__ANY__INIT;
    char url[128];

    if (!pack_bytes(fact, &packer->data))
        return false;
    snprintf(url, sizeof(url), "type.googleapis.com/%s", fact->descriptor->name);
    any.type_url = url;
    any.value.data = packer->data.at;
    any.value.len = packer->data.count;
    io__cloudevents__v1__cloud_event__cloud_event_attribute_value__init(&value);
    value.attr_case =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP;
    value.ce_timestamp = &at;
    entry.key = (char *)"time";
    entry.value = &value;
    io__cloudevents__v1__cloud_event__init(&cloud);
    cloud.id = (char *)id;
    cloud.source = (char *)packer->source;
    cloud.spec_version = (char *)"1.0";
    cloud.type = (char *)fact->descriptor->name;
    cloud.n_attributes = COUNT_OF(entries);
    cloud.attributes = entries;
    cloud.data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA;
    cloud.proto_data = &any;
    if (!pack_bytes(&cloud.base, &packer->event))
        return false;
    *event = (struct import_event){id, packer->event.at, packer->event.count, lines};
    return true;
}

static bool make_line_room(struct import_packer *packer, size_t count)
{
    Kehu__Customers__V1__OrderLine *lines;
    Kehu__Customers__V1__OrderLine **list;

    if (count <= packer->line_room)
        return true;
    lines = realloc(packer->lines, count * sizeof(*lines));
    if (lines == NULL)
        return false;
    packer->lines = lines;
    list = realloc(packer->line_list, count * sizeof(*list));
    if (list == NULL)
        return false;
    packer->line_list = list;
    packer->line_room = count;
    return true;
}

static void fill_lines(struct import_packer *packer, const struct import_order *order)
{
    for (size_t i = 0; i < order->line_count; i++) {
        const struct import_line *from = &order->lines[i];
        Kehu__Customers__V1__OrderLine *line = &packer->lines[i];

        kehu__customers__v1__order_line__init(line);
        line->product = (char *)from->product;
        line->description = (char *)from->description;
        line->quantity_micros = from->quantity_micros;
        line->unit_price_micros = from->unit_price_micros;
        packer->line_list[i] = line;
    }
}

static bool pack_placed(struct import_packer *packer, const struct import_order *order,
                        Kehu__Customers__V1__OrderContent *content, struct import_event *event)
{
    Kehu__Customers__V1__OrderPlaced placed = KEHU__CUSTOMERS__V1__ORDER_PLACED__INIT;

    placed.number = (char *)order->number;
    placed.kind = order->kind == IMPORT_KIND_ADJUSTMENT
                      ? KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_ADJUSTMENT
                      : KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_ORDER;
    placed.content = content;
    return pack_event(packer, order->number, order->ordered_at_us, &placed.base, order->line_count,
                      event);
}

static bool pack_returned(struct import_packer *packer, const struct import_order *order,
                          Kehu__Customers__V1__OrderContent *content, struct import_event *event)
{
    Kehu__Customers__V1__OrderReturned returned = KEHU__CUSTOMERS__V1__ORDER_RETURNED__INIT;

    returned.number = (char *)order->number;
    returned.order_number = (char *)order->order_number;
    returned.content = content;
    return pack_event(packer, order->number, order->ordered_at_us, &returned.base,
                      order->line_count, event);
}

bool import_packer_order(struct import_packer *packer, const struct import_order *order,
                         struct import_event *event)
{
    Google__Protobuf__Timestamp at = timestamp(order->ordered_at_us);
    Kehu__Customers__V1__CustomerReference customer = KEHU__CUSTOMERS__V1__CUSTOMER_REFERENCE__INIT;
    Kehu__Customers__V1__OrderContent content = KEHU__CUSTOMERS__V1__ORDER_CONTENT__INIT;

    if (!make_line_room(packer, order->line_count))
        return false;
    fill_lines(packer, order);
    customer.external_id = (char *)order->customer;
    customer.name = (char *)order->customer_name;
    content.ordered_at = &at;
    content.customer = order->customer[0] == '\0' ? NULL : &customer;
    content.region = (char *)order->region;
    content.currency = (char *)order->currency;
    content.n_lines = order->line_count;
    content.lines = packer->line_list;
    if (order->kind == IMPORT_KIND_RETURN)
        return pack_returned(packer, order, &content, event);
    return pack_placed(packer, order, &content, event);
}

bool import_packer_paid(struct import_packer *packer, const char *id, const char *number,
                        int64_t at_us, const char *currency, int64_t amount_micros,
                        struct import_event *event)
{
    Google__Protobuf__Timestamp at = timestamp(at_us);
    Kehu__Customers__V1__OrderPaid paid = KEHU__CUSTOMERS__V1__ORDER_PAID__INIT;

    paid.number = (char *)number;
    paid.paid_at = &at;
    paid.currency = (char *)currency;
    paid.amount_micros = amount_micros;
    return pack_event(packer, id, at_us, &paid.base, 0, event);
}

bool import_packer_delivered(struct import_packer *packer, const char *id, const char *number,
                             int64_t at_us, struct import_event *event)
{
    Google__Protobuf__Timestamp at = timestamp(at_us);
    Kehu__Customers__V1__OrderDelivered delivered = KEHU__CUSTOMERS__V1__ORDER_DELIVERED__INIT;

    delivered.number = (char *)number;
    delivered.delivered_at = &at;
    return pack_event(packer, id, at_us, &delivered.base, 0, event);
}

bool import_packer_cancelled(struct import_packer *packer, const char *id, const char *number,
                             int64_t at_us, struct import_event *event)
{
    Google__Protobuf__Timestamp at = timestamp(at_us);
    Kehu__Customers__V1__OrderCancelled cancelled = KEHU__CUSTOMERS__V1__ORDER_CANCELLED__INIT;

    cancelled.number = (char *)number;
    cancelled.cancelled_at = &at;
    return pack_event(packer, id, at_us, &cancelled.base, 0, event);
}

static Kehu__Complaints__V1__Channel wire_channel(enum import_channel channel)
{
    switch (channel) {
    case IMPORT_CHANNEL_ONLINE:
        return KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_ONLINE;
    case IMPORT_CHANNEL_PHONE:
        return KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_PHONE;
    case IMPORT_CHANNEL_EMAIL:
        return KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_EMAIL;
    case IMPORT_CHANNEL_REGULATOR:
        return KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_REGULATOR;
    case IMPORT_CHANNEL_OTHER:
        break;
    }
    return KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_OTHER;
}

bool import_packer_complaint(struct import_packer *packer, const struct import_complaint *complaint,
                             struct import_event *event)
{
    Google__Protobuf__Timestamp at = timestamp(complaint->submitted_at_us);
    Kehu__Complaints__V1__Complainant nobody = KEHU__COMPLAINTS__V1__COMPLAINANT__INIT;
    Kehu__Complaints__V1__Links links = KEHU__COMPLAINTS__V1__LINKS__INIT;
    Kehu__Complaints__V1__OpenComplaint open = KEHU__COMPLAINTS__V1__OPEN_COMPLAINT__INIT;
    Kehu__Complaints__V1__RecordedOutcome outcome = KEHU__COMPLAINTS__V1__RECORDED_OUTCOME__INIT;
    Kehu__Complaints__V1__ComplaintSubmitted fact = KEHU__COMPLAINTS__V1__COMPLAINT_SUBMITTED__INIT;

    nobody.who_case = KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_ANONYMOUS;
    nobody.anonymous = true;
    links.product = (char *)complaint->product;
    open.kind = KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_COMPLAINT;
    open.channel = wire_channel(complaint->channel);
    open.content = (char *)complaint->content;
    open.complainant = &nobody;
    open.submitted_at = &at;
    open.links = &links;
    open.issue = (char *)complaint->issue;
    open.region = (char *)complaint->region;
    open.external_ref = (char *)complaint->external_ref;
    outcome.closed = complaint->is_closed;
    outcome.response = (char *)complaint->response;
    outcome.timely = complaint->is_timely;
    outcome.disputed = complaint->is_disputed;
    fact.complaint = &open;
    fact.recorded = &outcome;
    return pack_event(packer, complaint->id, complaint->submitted_at_us, &fact.base, 1, event);
}
