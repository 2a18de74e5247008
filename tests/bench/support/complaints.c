#include "tests/bench/support/complaints.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/complaints/v1/events.pb-c.h"

#define EVENT_BYTES 700

static size_t pack_data(uint64_t index, uint32_t customers, const char *source, uint8_t *out)
{
    Kehu__Complaints__V1__Complainant who = KEHU__COMPLAINTS__V1__COMPLAINANT__INIT;
    Kehu__Complaints__V1__Links links = KEHU__COMPLAINTS__V1__LINKS__INIT;
    Kehu__Complaints__V1__OpenComplaint open = KEHU__COMPLAINTS__V1__OPEN_COMPLAINT__INIT;
    Kehu__Complaints__V1__ComplaintSubmitted submitted =
        KEHU__COMPLAINTS__V1__COMPLAINT_SUBMITTED__INIT;
    char customer[96], product[32], order[32];

    snprintf(customer, sizeof(customer), "%s:c%llu", source,
             (unsigned long long)(index % customers));
    snprintf(product, sizeof(product), "product-%llu", (unsigned long long)(index % 40));
    snprintf(order, sizeof(order), "o-%llu", (unsigned long long)index);
    who.who_case = KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_CUSTOMER_REF;
    who.customer_ref = customer;
    links.product = product;
    links.order_number = order;
    open.kind = KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_COMPLAINT;
    open.channel = KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_ONLINE;
    open.content = (char *)"昨天收到的水壶漏水,包装也破了,请尽快更换并说明原因。";
    open.complainant = &who;
    open.links = &links;
    open.issue = (char *)"leak";
    open.region = (char *)"云南";
    submitted.complaint = &open;
    return kehu__complaints__v1__complaint_submitted__pack(&submitted, out);
}

static size_t pack_event(uint64_t index, uint32_t customers, const char *source, uint8_t *out)
{
    Io__Cloudevents__V1__CloudEvent event;
    Io__Cloudevents__V1__CloudEvent *events[] = {&event};
    Kehu__Bus__V1__Publish publish = KEHU__BUS__V1__PUBLISH__INIT;
    uint8_t data[EVENT_BYTES];
    char id[32];

    io__cloudevents__v1__cloud_event__init(&event);
    snprintf(id, sizeof(id), "complaint-%llu", (unsigned long long)index);
    event.id = id;
    event.source = (char *)source;
    event.spec_version = (char *)"1.0";
    event.type = (char *)"kehu.complaints.v1.ComplaintSubmitted";
    event.data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA;
    event.binary_data.data = data;
    event.binary_data.len = pack_data(index, customers, source, data);
    publish.n_events = 1;
    publish.events = events;
    /* Messages may be concatenated: their repeated fields add up. */
    return kehu__bus__v1__publish__pack(&publish, out);
}

uint8_t *complaints_pack_publish(uint64_t first, uint32_t count, uint32_t customers,
                                 const char *source, size_t *bytes)
{
    uint8_t *out = malloc((size_t)count * 2 * EVENT_BYTES);

    *bytes = 0;
    for (uint32_t i = 0; out && i < count; i++)
        *bytes += pack_event(first + i, customers, source, out + *bytes);
    return out;
}
