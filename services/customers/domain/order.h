/*
 * Orders as other systems publish them. The state of a document is a join of what was said about
 * it: the content of the highest revision, cancelled for ever, the last delivery. So order_apply
 * gives the same state in every order of arrival (docs/behaviour.md), and figures follow from the
 * state alone.
 */
#ifndef KEHU_CUSTOMERS_ORDER_H
#define KEHU_CUSTOMERS_ORDER_H

#include "common/base.h"

#define ORDER_MAX_LINES 20000
/* A line or a document beyond ± one billion units is refused: sums of figures must fit int64. */
#define ORDER_MAX_AMOUNT_MICROS (INT64_C(1000000000) * 1000000)
#define ORDER_HISTORIC_AFTER_US (7 * DAY_US)
/* A business time further ahead of the clock than this is a mistake of the source. */
#define ORDER_MAX_AHEAD_US DAY_US

enum order_kind {
    ORDER_KIND_ORDER = 1,
    ORDER_KIND_ADJUSTMENT = 2,
    ORDER_KIND_RETURN = 3,
};

enum order_fact {
    ORDER_FACT_CONTENT = 1, /* placed, amended, returned */
    ORDER_FACT_CANCELLED = 2,
    ORDER_FACT_PAID = 3,
    ORDER_FACT_DELIVERED = 4,
};

struct order_line {
    struct text product;
    struct text description;
    struct text batch;
    int64_t quantity_micros;
    int64_t unit_price_micros;
    int64_t amount_micros; /* rounded once, half away from zero */
};

/* What the source says a document contains. Text is borrowed. */
struct order_content {
    enum order_kind kind;
    uint32_t revision;
    int64_t ordered_at_us;
    int32_t day;              /* local date in business time, days since 1970 */
    struct text order_number; /* of a return: the order it belongs to; else empty */
    struct text customer;     /* external id; empty: none */
    struct text customer_name;
    struct text region;
    char currency[4];
    const struct order_line *lines;
    uint32_t line_count;
    int64_t net_micros;
};

/* One event about one document. */
struct order_event {
    struct text source;
    struct text id;
    struct text number;
    int64_t
        at_us; /* business time of the event; of a cancellation, payment or delivery its own time */
    enum order_fact fact;
    const struct order_content *content; /* ORDER_FACT_CONTENT */
    char currency[4];                    /* ORDER_FACT_PAID */
    int64_t amount_micros;               /* ORDER_FACT_PAID */
};

/* How a document stands. `content_*` identify whose words its content is. */
struct order {
    struct id id;
    bool has_content;
    uint32_t revision;
    int64_t content_at_us;
    struct text content_event;
    enum order_kind kind;
    struct id customer;  /* whom it names; the region's anonymous customer when it names none */
    struct id counts_as; /* the survivor where that one is merged; else the same */
    struct id region;
    int32_t day;
    int64_t ordered_at_us;
    char currency[4];
    uint32_t line_count;
    int64_t net_micros;
    bool is_historic;
    bool is_cancelled;
    int64_t cancelled_at_us;
    int64_t paid_at_us;      /* 0: nothing paid */
    int64_t delivered_at_us; /* 0: not delivered */
};

/* What an event changed. */
enum order_change {
    ORDER_UNCHANGED = 0,
    ORDER_CHANGED_FACTS = 1,   /* cancelled, paid, delivered */
    ORDER_CHANGED_CONTENT = 2, /* the event's content is now the document's */
};

/* The line's amount: quantity times price in millionths, rounded half away from zero. False when
 * it is beyond ORDER_MAX_AMOUNT_MICROS. */
bool order_line_amount(int64_t quantity_micros, int64_t unit_price_micros, int64_t *amount_micros);

/* The sum of the lines' amounts. False when it is beyond ORDER_MAX_AMOUNT_MICROS. */
bool order_net(const struct order_line *lines, uint32_t count, int64_t *net_micros);

/* History is silent (docs/behaviour.md): business time more than 7 days before the event was
 * received.
 */
bool order_is_historic(int64_t business_at_us, int64_t received_at_us);

/* True when `content` said by event (at, id) prevails over what the order holds: higher revision,
 * then later business time, then greater event id; any content over none. */
bool order_prevails(const struct order *order, const struct order_event *event);

/*
 * Applies the event to the order: copies what prevails (but customer and region, which the caller
 * resolved, are copied from the arguments) and says what changed. is_historic goes with the
 * content. Of several cancellations the first in business time is kept, of payments and deliveries
 * the last; of the kinds that were said the greatest stays, since an amendment says none and may
 * arrive before what it amends (then ORDER_CHANGED_FACTS also covers the kind). A payment always
 * changes facts: it adds to the sum paid.
 */
enum order_change order_apply(struct order *order, const struct order_event *event,
                              const struct id *customer, const struct id *region, bool is_historic);

/* True when the document counts in the figures: it has content and is not cancelled. */
bool order_counts(const struct order *order);

#endif
