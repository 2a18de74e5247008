/*
 * Orders, what happens to them, and complaints, as CloudEvents on the wire: the same bytes for the
 * same values, so that an import run again is known again.
 */
#ifndef KEHU_IMPORT_EVENT_H
#define KEHU_IMPORT_EVENT_H

#include "common/base.h"

enum import_kind {
    IMPORT_KIND_ORDER = 1,
    IMPORT_KIND_ADJUSTMENT = 2,
    IMPORT_KIND_RETURN = 3, /* becomes OrderReturned, the others OrderPlaced */
};

struct import_line {
    const char *product;
    const char *description; /* "" is none */
    int64_t quantity_micros;
    int64_t unit_price_micros;
};

/* A document. Text is UTF-8, terminated and never NULL; "" is none. */
struct import_order {
    enum import_kind kind;
    const char *number;
    const char *order_number; /* of a return: the order it belongs to */
    const char *customer;
    const char *customer_name;
    const char *region;
    const char *currency;
    int64_t ordered_at_us;
    const struct import_line *lines;
    size_t line_count;
};

/* A complaint of another system's past. Text as above. */
enum import_channel {
    IMPORT_CHANNEL_OTHER = 0,
    IMPORT_CHANNEL_ONLINE,
    IMPORT_CHANNEL_PHONE,
    IMPORT_CHANNEL_EMAIL,
    IMPORT_CHANNEL_REGULATOR,
};
struct import_complaint {
    const char *id;
    const char *external_ref; /* "cfpb:4848023" */
    const char *content;
    const char *issue, *product, *region;
    enum import_channel channel;
    int64_t submitted_at_us;
    const char *response; /* as it was written */
    bool is_closed, is_timely, is_disputed;
};

/* A packed io.cloudevents.v1.CloudEvent, borrowed until the packer's next call. */
struct import_event {
    const char *id; /* as the caller gave it */
    const uint8_t *bytes;
    size_t count;
    size_t lines; /* order lines in it */
};

/* Keeps the buffers between events. `source` is borrowed. NULL when memory is out. */
struct import_packer;
struct import_packer *import_packer_new(const char *source);
void import_packer_free(struct import_packer *packer);

/* OrderPlaced or OrderReturned; the event's id is the document's number. False when memory is out,
 * here and below. */
bool import_packer_order(struct import_packer *packer, const struct import_order *order,
                         struct import_event *event) MUST_USE;
bool import_packer_paid(struct import_packer *packer, const char *id, const char *number,
                        int64_t at_us, const char *currency, int64_t amount_micros,
                        struct import_event *event) MUST_USE;
bool import_packer_delivered(struct import_packer *packer, const char *id, const char *number,
                             int64_t at_us, struct import_event *event) MUST_USE;
bool import_packer_cancelled(struct import_packer *packer, const char *id, const char *number,
                             int64_t at_us, struct import_event *event) MUST_USE;
/* ComplaintSubmitted by nobody who is known, with how it ended; the event's id is the complaint's.
 */
bool import_packer_complaint(struct import_packer *packer, const struct import_complaint *complaint,
                             struct import_event *event) MUST_USE;

#endif
