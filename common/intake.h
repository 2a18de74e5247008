/*
 * kehu.bus.v1.Publish: a batch of events from another system, read item by item, so that what is
 * wrong with one (even its protobuf) rejects that one only; and the answer, item by item. What the
 * types of events say is the service's: a table names them and how each is read. The steps that all
 * services take with a batch are in intake_batch.h.
 */
#ifndef KEHU_INTAKE_H
#define KEHU_INTAKE_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/base.h"
#include "common/pure/zone.h"
#include "common/status.h"

#define INTAKE_MAX_EVENTS 2000
#define INTAKE_MAX_SOURCE 64    /* characters of a source's name; it holds no colon */
#define INTAKE_MAX_EVENT_ID 128 /* characters */
#define INTAKE_MAX_AHEAD_US DAY_US
#define INTAKE_HISTORIC_AFTER_US (7 * DAY_US)

/*
 * One event as it stands before the decision. Of an event that cannot be decoded at all, source, id
 * and type are what could be read of them, else empty, and raw is the whole event.
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
    bool has_time;   /* the attribute `time` */
    int64_t time_us; /* of it */
    int64_t at_us;   /* business time: `time`, unless what is read of the data says another */
    void *event;     /* what the service's types read of it: intake_types.event_bytes, zeroed */
};

struct intake {
    struct intake_item *items;
    size_t count;
};

struct intake_limits {
    int64_t now_us;
    const struct zone *zone;
};

/* One item of a batch while it is being read. */
struct intake_reader {
    struct arena *arena;
    const struct intake_limits *limits;
    struct intake_item *item;
};

/* A type of event that a service takes. */
struct intake_type {
    const char *type;
    const ProtobufCMessageDescriptor *descriptor;
    /* From the message into item->event. False: rejected, or the arena is full. */
    bool (*read)(struct intake_reader *reader, const ProtobufCMessage *message);
    /* Before anything is unpacked: is it not too large? NULL: any size will do. */
    bool (*check)(struct intake_reader *reader, const uint8_t *data, size_t bytes);
    bool has_lines; /* texts that people write in lines may stand in it */
};

struct intake_types {
    const struct intake_type *list;
    size_t count;
    const char *names; /* all of them, as a sentence goes on: "… known are %s" */
    size_t event_bytes;
};

/*
 * Every item is either read or rejected with its field (path from the CloudEvent: "id", "time",
 * "data.content.lines[2].product") and why. INVALID_ARGUMENT only when the whole payload is no
 * Publish or holds no or over 2,000 events; RESOURCE_EXHAUSTED when the arena is full. The payload
 * must outlive the items.
 */
enum status intake_read(const uint8_t *payload, size_t bytes, const struct intake_types *types,
                        const struct intake_limits *limits, struct arena *arena, struct intake *out,
                        char *field, size_t field_bytes, char *why, size_t why_bytes) MUST_USE;

/* Business time more than 7 days before receipt. */
bool intake_is_historic(int64_t at_us, int64_t received_us);

/* --- checks of fields: each returns false after rejecting the item --- */

/* Marks the item as rejected; always false, so that a check can end with it. The field is kept, not
 * copied. */
bool intake_reject(struct intake_reader *reader, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Between min and max characters long. */
bool intake_check_length(struct intake_reader *reader, const char *field, const char *text,
                         size_t min, size_t max);
struct Google__Protobuf__Timestamp;
/* Present, after 1970 began and at most a day ahead of the clock. */
bool intake_check_time(struct intake_reader *reader, const char *field,
                       const struct Google__Protobuf__Timestamp *time, int64_t *at_us);
bool intake_check_currency(struct intake_reader *reader, const char *field, const char *code,
                           char out[4]);

/* The longest beginning of at most max bytes that ends between two characters. */
struct text intake_cut(struct text text, size_t max_bytes);

/* --- the answer per item, in the order sent --- */

enum intake_outcome {
    INTAKE_ACCEPTED = 1,
    INTAKE_DUPLICATE = 2,
    INTAKE_REJECTED = 3,
};

struct intake_answer {
    enum intake_outcome outcome; /* 0: undecided */
    bool is_historic;
    const char *field;
    const char *why;
};

/* A kehu.bus.v1.Published for flow_reply, in the arena; NULL when the arena is full. */
const ProtobufCMessage *intake_published(const struct intake_answer *answers, size_t count,
                                         struct arena *arena);

#endif
