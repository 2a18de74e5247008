/*
 * kehu.bus.v1.Fetch: the log, page by page, as a long poll. The steps: read on in the open window;
 * when it is exhausted, open the next; when there is none, sleep until the log has news.
 *
 * A sleeping reader is woken by NOTIFY, but the horizon waits for any write transaction of the
 * cluster: so a woken reader that finds nothing looks again, after 1 ms doubling to 50 ms, before
 * it sleeps for long.
 */
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/pure/uuid.h"
#include "common/service_internal.h"
#include "common/validate.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "kehu/bus/v1/service.pb-c.h"

#define DEFAULT_EVENTS 100
#define MOST_EVENTS 1000
#define MOST_TYPES 32
#define LONGEST_WAIT_US (30 * SECOND_US)
#define MOST_POLL_BYTES (256 * 1024)
#define FIRST_LOOK_US 1000
#define LAST_LOOK_US (50 * 1000)
/* Without news a reader looks again anyway: a NOTIFY may be lost with its connection. */
#define IDLE_LOOK_US SECOND_US

struct fetching {
    struct log_cursor cursor;
    bool from_end;
    uint32_t max;
    int64_t until_us;
    int64_t pause_us, looks_at_us;
    char **types;
    size_t type_count;
    struct log_horizon horizon;
    struct log_entries entries;
};

static enum flow read_on(struct request *req);
static enum flow answer_or_open(struct request *req);
static enum flow open_window(struct request *req);
static enum flow opened(struct request *req);
static enum flow look_again(struct request *req);

static bool take_wait(struct request *req, struct fetching *r,
                      const Google__Protobuf__Duration *wait)
{
    int64_t wait_us = 0;

    if (wait) {
        if (wait->seconds < 0 || wait->seconds > 30 || wait->nanos < 0 || wait->nanos > 999999999) {
            flow_violation(req, "wait", "must be between 0 and 30 seconds");
            return false;
        }
        wait_us = wait->seconds * SECOND_US + wait->nanos / 1000;
    }
    if (wait_us > LONGEST_WAIT_US)
        wait_us = LONGEST_WAIT_US;
    /* Leave time to answer before the deadline. */
    r->until_us = flow_clock_us(req) + wait_us;
    if (r->until_us > req->deadline_us - SECOND_US / 2)
        r->until_us = req->deadline_us - SECOND_US / 2;
    return true;
}

static bool take_question(struct request *req, struct fetching *r, const Kehu__Bus__V1__Fetch *ask)
{
    bool fits = true;

    r->from_end = strcmp(ask->after, "end") == 0;
    if (strlen(ask->consumer) > 64) {
        flow_violation(req, "consumer", "has %zu bytes; at most 64 are allowed",
                       strlen(ask->consumer));
        fits = false;
    }
    if (ask->after[0] && !r->from_end && !log_cursor_parse(ask->after, &r->cursor)) {
        flow_violation(req, "after",
                       "'%.80s' is no position; take `next` of an answer, \"end\" or nothing",
                       ask->after);
        fits = false;
    }
    if (ask->max > MOST_EVENTS) {
        flow_violation(req, "max", "is %u; at most %d are allowed", ask->max, MOST_EVENTS);
        fits = false;
    }
    if (ask->n_types > MOST_TYPES) {
        flow_violation(req, "types", "has %zu elements; at most %d are allowed", ask->n_types,
                       MOST_TYPES);
        fits = false;
    }
    r->max = ask->max ? ask->max : DEFAULT_EVENTS;
    r->types = ask->types;
    r->type_count = ask->n_types;
    r->pause_us = FIRST_LOOK_US;
    return take_wait(req, r, ask->wait) && fits;
}

enum flow fetch_begin(struct request *req)
{
    struct fetching *r = request_state(req, sizeof(*r));
    ProtobufCMessage *message = NULL;
    char field[100], why[200];

    if (validate_unpack(&kehu__bus__v1__fetch__descriptor, arena_allocator(req->arena),
                        req->payload, req->payload_bytes, &message, field, sizeof(field), why,
                        sizeof(why)) != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, INVALID_ARGUMENT, "the payload is no kehu.bus.v1.Fetch");
    }
    if (!take_question(req, r, (const Kehu__Bus__V1__Fetch *)message))
        return flow_refuse(req, INVALID_ARGUMENT, "the question cannot be answered as asked");
    if (r->cursor.epoch == 0)
        r->cursor.epoch = 1;
    return flow_go(req, r->cursor.to_xid > r->cursor.from_xid ? read_on : open_window);
}

static enum flow read_on(struct request *req)
{
    struct fetching *r = req->state;

    r->entries = (struct log_entries){0};
    log_list_entries(req, &r->cursor, r->max, r->types, r->type_count, &r->entries);
    return flow_wait(req, answer_or_open);
}

static Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *new_value(struct arena *arena,
                                                                            int which)
{
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value =
        arena_take(arena, sizeof(*value));

    if (!value)
        return NULL;
    io__cloudevents__v1__cloud_event__cloud_event_attribute_value__init(value);
    value->attr_case = (Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue__AttrCase)which;
    return value;
}

static void add_attribute(struct arena *arena, Io__Cloudevents__V1__CloudEvent *event,
                          const char *name,
                          Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value)
{
    Io__Cloudevents__V1__CloudEvent__AttributesEntry *entry = arena_take(arena, sizeof(*entry));

    if (!entry || !value)
        return;
    io__cloudevents__v1__cloud_event__attributes_entry__init(entry);
    entry->key = (char *)name;
    entry->value = value;
    event->attributes[event->n_attributes++] = entry;
}

static void add_text(struct arena *arena, Io__Cloudevents__V1__CloudEvent *event, const char *name,
                     const char *text)
{
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value = new_value(
        arena, IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING);

    if (!text || !text[0] || !value)
        return;
    value->ce_string = (char *)text;
    add_attribute(arena, event, name, value);
}

static void add_time(struct arena *arena, Io__Cloudevents__V1__CloudEvent *event, int64_t at_us)
{
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value = new_value(
        arena, IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP);
    Google__Protobuf__Timestamp *time = arena_take(arena, sizeof(*time));

    if (!value || !time)
        return;
    google__protobuf__timestamp__init(time);
    time->seconds = at_us / SECOND_US;
    time->nanos = (int32_t)(at_us % SECOND_US * 1000);
    value->ce_timestamp = time;
    add_attribute(arena, event, "time", value);
}

/* CloudEvents' integers have 32 bits; a version beyond them goes as text. */
static void add_version(struct arena *arena, Io__Cloudevents__V1__CloudEvent *event,
                        int64_t version)
{
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value = new_value(
        arena, IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_INTEGER);

    if (version > INT32_MAX) {
        add_text(arena, event, "entityversion", arena_print(arena, "%lld", (long long)version));
        return;
    }
    if (!value)
        return;
    value->ce_integer = (int32_t)version;
    add_attribute(arena, event, "entityversion", value);
}

static Io__Cloudevents__V1__CloudEvent *event_of(struct request *req, const struct log_entry *entry)
{
    struct arena *arena = req->arena;
    Io__Cloudevents__V1__CloudEvent *event = arena_take(arena, sizeof(*event));
    Google__Protobuf__Any *any = arena_take(arena, sizeof(*any));
    char *id = arena_take(arena, 37), *subject = arena_take(arena, 37);

    if (!event || !any || !id || !subject)
        return NULL;
    io__cloudevents__v1__cloud_event__init(event);
    event->attributes =
        arena_take_array(arena, 8, sizeof(Io__Cloudevents__V1__CloudEvent__AttributesEntry *));
    if (!event->attributes)
        return NULL;
    uuid_print(&entry->id, id);
    uuid_print(&entry->subject, subject);
    event->id = id;
    event->source = (char *)req->service->definition->name;
    event->spec_version = "1.0";
    event->type = (char *)entry->type;
    add_text(arena, event, "subject", subject);
    add_text(arena, event, "partitionkey", subject);
    add_time(arena, event, entry->at_us);
    add_version(arena, event, entry->version);
    add_text(arena, event, "correlationid", entry->correlation_id);
    add_text(arena, event, "causationid", entry->causation_id);
    add_text(arena, event, "traceparent", entry->traceparent);
    google__protobuf__any__init(any);
    any->type_url = arena_print(arena, "type.googleapis.com/%s", entry->type);
    any->value = (ProtobufCBinaryData){entry->data.bytes, (uint8_t *)entry->data.at};
    event->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA;
    event->proto_data = any;
    return event;
}

static enum flow answer(struct request *req)
{
    struct fetching *r = req->state;
    Kehu__Bus__V1__Fetched reply = KEHU__BUS__V1__FETCHED__INIT;
    char next[80];

    reply.events =
        arena_take_array(req->arena, r->entries.count, sizeof(Io__Cloudevents__V1__CloudEvent *));
    if (!reply.events)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->entries.count; i++) {
        Io__Cloudevents__V1__CloudEvent *event;
        if (!r->entries.list[i].is_wanted)
            continue;
        event = event_of(req, &r->entries.list[i]);
        if (event)
            reply.events[reply.n_events++] = event;
    }
    log_cursor_print(&r->cursor, next);
    reply.next = next;
    reply.more = r->entries.count > 0;
    return flow_reply(req, &reply.base);
}

static enum flow answer_or_open(struct request *req)
{
    struct fetching *r = req->state;
    bool has_wanted = false;

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->entries.count; i++)
        has_wanted |= r->entries.list[i].is_wanted;
    if (r->entries.count > 0)
        r->cursor.position = r->entries.list[r->entries.count - 1].position;
    if (r->entries.count < r->max)
        r->cursor.from_xid = r->cursor.to_xid; /* nothing is left in this window */
    /* A page of events nobody wants is an answer too: it carries the reader on. */
    if (has_wanted || r->entries.count >= r->max)
        return flow_go(req, answer);
    return flow_go(req, open_window);
}

static enum flow open_window(struct request *req)
{
    struct fetching *r = req->state;

    r->entries = (struct log_entries){0};
    log_find_horizon(req, &r->cursor, &r->horizon);
    return flow_wait(req, opened);
}

static enum flow opened(struct request *req)
{
    struct fetching *r = req->state;
    struct log_cursor *cursor = &r->cursor;

    if (cursor->epoch > r->horizon.epoch)
        return flow_refuse(req, OUT_OF_RANGE, "this position is of no log of this service");
    if (r->from_end && cursor->epoch < r->horizon.epoch) { /* the end is in the present epoch */
        *cursor = (struct log_cursor){.epoch = r->horizon.epoch};
        return flow_go(req, open_window);
    }
    if (r->from_end) {
        r->from_end = false;
        *cursor =
            (struct log_cursor){r->horizon.epoch, r->horizon.below_xid, r->horizon.below_xid, 0};
        return flow_go(req, look_again);
    }
    if (r->horizon.below_xid > cursor->to_xid && r->horizon.first > 0) {
        cursor->from_xid = cursor->to_xid;
        cursor->to_xid = r->horizon.below_xid;
        cursor->position = r->horizon.first - 1;
        return flow_go(req, read_on);
    }
    if (cursor->epoch < r->horizon.epoch) {
        *cursor = (struct log_cursor){.epoch = cursor->epoch + 1};
        return flow_go(req, open_window);
    }
    return flow_go(req, look_again);
}

static enum flow look_again(struct request *req)
{
    struct fetching *r = req->state;
    int64_t now_us = flow_clock_us(req);

    /* Each look takes memory: a poll that was woken often enough answers early and is asked again.
     */
    if (now_us >= r->until_us || arena_used_bytes(req->arena) > MOST_POLL_BYTES)
        return flow_go(req, answer);
    if (now_us < r->looks_at_us) /* woken: news that is not yet below the horizon */
        r->pause_us = FIRST_LOOK_US;
    r->looks_at_us = now_us + r->pause_us;
    r->pause_us = r->pause_us < LAST_LOOK_US ? r->pause_us * 2 : IDLE_LOOK_US;
    if (r->looks_at_us > r->until_us)
        r->looks_at_us = r->until_us;
    return flow_sleep(req, r->looks_at_us, open_window);
}
