#include "services/customers/domain/order.h"

#include <string.h>

#include "common/pure/decimal.h"
#include "common/pure/text.h"

static bool is_within_limit(__int128 amount_micros)
{
    return amount_micros <= ORDER_MAX_AMOUNT_MICROS && amount_micros >= -ORDER_MAX_AMOUNT_MICROS;
}

bool order_line_amount(int64_t quantity_micros, int64_t unit_price_micros, int64_t *amount_micros)
{
    int64_t amount;

    if (!decimal_multiply(quantity_micros, unit_price_micros, &amount) || !is_within_limit(amount))
        return false;
    *amount_micros = amount;
    return true;
}

bool order_net(const struct order_line *lines, uint32_t count, int64_t *net_micros)
{
    __int128 net = 0; /* lines may pass the limit on the way and come back */

    for (uint32_t i = 0; i < count; i++)
        net += lines[i].amount_micros;
    if (!is_within_limit(net))
        return false;
    *net_micros = (int64_t)net;
    return true;
}

bool order_is_historic(int64_t business_at_us, int64_t received_at_us)
{
    return received_at_us - business_at_us > ORDER_HISTORIC_AFTER_US;
}

bool order_prevails(const struct order *order, const struct order_event *event)
{
    if (!order->has_content)
        return true;
    if (event->content->revision != order->revision)
        return event->content->revision > order->revision;
    if (event->at_us != order->content_at_us)
        return event->at_us > order->content_at_us;
    return text_compare(event->id, order->content_event) > 0;
}

static enum order_change apply_content(struct order *order, const struct order_event *event,
                                       const struct id *customer, const struct id *region,
                                       bool is_historic)
{
    const struct order_content *content = event->content;
    bool is_kind_new = content->kind > order->kind;

    if (is_kind_new)
        order->kind = content->kind;
    if (!order_prevails(order, event))
        return is_kind_new ? ORDER_CHANGED_FACTS : ORDER_UNCHANGED;
    order->has_content = true;
    order->revision = content->revision;
    order->content_at_us = event->at_us;
    order->content_event = event->id;
    order->customer = *customer;
    order->region = *region;
    order->day = content->day;
    order->ordered_at_us = content->ordered_at_us;
    memcpy(order->currency, content->currency, sizeof(order->currency));
    order->line_count = content->line_count;
    order->net_micros = content->net_micros;
    order->is_historic = is_historic;
    return ORDER_CHANGED_CONTENT;
}

static enum order_change apply_cancelled(struct order *order, int64_t at_us)
{
    if (order->is_cancelled && at_us >= order->cancelled_at_us)
        return ORDER_UNCHANGED;
    order->is_cancelled = true;
    order->cancelled_at_us = at_us;
    return ORDER_CHANGED_FACTS;
}

enum order_change order_apply(struct order *order, const struct order_event *event,
                              const struct id *customer, const struct id *region, bool is_historic)
{
    switch (event->fact) {
    case ORDER_FACT_CONTENT:
        return apply_content(order, event, customer, region, is_historic);
    case ORDER_FACT_CANCELLED:
        return apply_cancelled(order, event->at_us);
    case ORDER_FACT_PAID:
        if (event->at_us > order->paid_at_us)
            order->paid_at_us = event->at_us;
        return ORDER_CHANGED_FACTS;
    case ORDER_FACT_DELIVERED:
        if (event->at_us <= order->delivered_at_us)
            return ORDER_UNCHANGED;
        order->delivered_at_us = event->at_us;
        return ORDER_CHANGED_FACTS;
    }
    return ORDER_UNCHANGED;
}

bool order_counts(const struct order *order)
{
    return order->has_content && !order->is_cancelled;
}
