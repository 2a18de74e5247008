/*
 * First the plan: when which customer orders, and what becomes of each order. It is small. What an
 * order holds is told from its own stream of random numbers whenever an event needs it.
 *
 * Few customers bring most sales (Pareto): customer number r by size orders in proportion to 1/r,
 * and larger ones order more at a time.
 */
#include "clients/kehuctl/simulate_company.h"

#include "clients/kehuctl/simulate_market.h"
#include "common/pure/day.h"
#include "common/pure/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_LINES = 12,
    NUMBER_BYTES = 40,
    EVENTS_PER_ORDER = 4, /* placed, paid, delivered, returned; or placed, cancelled */
    NOBODY = -1,
    /* Of 1,000 orders. */
    PERMILLE_ANONYMOUS = 20,
    PERMILLE_CANCELLED = 30,
    PERMILLE_RETURNED = 40,
    PERMILLE_PAID = 930,
    PERMILLE_DELIVERED = 960,
};

/* Streams of random numbers: one for the plan, one per customer, one per order. */
#define STREAM_PLAN UINT64_C(0)
#define STREAM_CUSTOMERS (UINT64_C(1) << 40)
#define STREAM_ORDERS (UINT64_C(2) << 40)

enum happening {
    HAPPENING_PLACED,
    HAPPENING_CANCELLED,
    HAPPENING_DELIVERED,
    HAPPENING_PAID,
    HAPPENING_RETURNED,
};

struct customer {
    char id[16];
    char name[SIMULATE_NAME_BYTES];
    const struct simulate_region *region;
    unsigned size; /* factor of quantities, in tenths */
};

struct order {
    int64_t at_us;
    uint64_t stream;
    int32_t customer; /* NOBODY: none */
    int32_t year;
    uint32_t number;        /* within the year */
    uint32_t return_number; /* of its return, within the return's year */
    int32_t return_year;
};

struct happened {
    int64_t at_us;
    uint32_t order;
    enum happening what;
};

struct simulate_company {
    const struct simulate_settings *settings;
    struct import_packer *packer;
    struct customer *customers;
    uint32_t *by_size; /* customers, largest first */
    uint64_t *up_to;   /* running sums of their weights */
    struct order *orders;
    struct happened *events;
    uint64_t event_count, next;
    char id[NUMBER_BYTES], number[NUMBER_BYTES];
    struct import_line lines[MAX_LINES];
    size_t line_count;
};

/* --- customers --- */

static unsigned size_of(uint32_t rank, uint32_t count)
{
    uint32_t percent = (uint32_t)((uint64_t)rank * 100 / count);

    return percent < 2 ? 20 : percent < 8 ? 16 : percent < 20 ? 13 : percent < 50 ? 10 : 9;
}

static void make_customers(struct simulate_company *company, struct simulate_random *random)
{
    uint32_t count = company->settings->customers;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < count; i++)
        company->by_size[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t other = (uint32_t)simulate_random_below(random, i + 1), kept = company->by_size[i];

        company->by_size[i] = company->by_size[other];
        company->by_size[other] = kept;
    }
    for (uint32_t rank = 0; rank < count; rank++) {
        uint32_t i = company->by_size[rank];
        struct customer *customer = &company->customers[i];
        struct simulate_random own;

        sum += (UINT64_C(1) << 32) / (rank + 1);
        company->up_to[rank] = sum;
        simulate_random_seed(&own, company->settings->seed, STREAM_CUSTOMERS + i);
        snprintf(customer->id, sizeof(customer->id), "C%05u", i + 1);
        customer->region = simulate_market_region(&own);
        simulate_market_name(&own, customer->region, customer->name);
        customer->size = size_of(rank, count);
    }
}

/* A customer by size: the first whose running sum is above the point. */
static int32_t choose_customer(const struct simulate_company *company,
                               struct simulate_random *random)
{
    uint32_t low = 0, high = company->settings->customers - 1;
    uint64_t point = simulate_random_below(random, company->up_to[high]);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (company->up_to[middle] > point)
            high = middle;
        else
            low = middle + 1;
    }
    return (int32_t)company->by_size[low];
}

/* --- orders --- */

/* A moment of a business day, 08:00 to 19:59 local time. */
static int64_t moment_on(const struct simulate_company *company, int32_t day,
                         struct simulate_random *random)
{
    struct day_date date = day_split(day);
    int64_t minute =
        480 +
        (simulate_random_between(random, 0, 719) + simulate_random_between(random, 0, 719)) / 2;
    struct civil local = {.year = date.year,
                          .month = (int8_t)date.month,
                          .day = (int8_t)date.day,
                          .hour = (int8_t)(minute / 60),
                          .minute = (int8_t)(minute % 60),
                          .second = (int8_t)simulate_random_below(random, 60)};

    return zone_moment(company->settings->zone, &local);
}

static int32_t choose_day(const struct simulate_settings *settings, struct simulate_random *random)
{
    /* A span without a good day must end, too. */
    for (unsigned i = 0;; i++) {
        int32_t day = (int32_t)simulate_random_between(random, settings->from, settings->to);

        if (simulate_random_below(random, 100) < simulate_market_season(day) || i == 100)
            return day;
    }
}

static int compare_orders(const void *a, const void *b)
{
    const struct order *one = a, *other = b;

    if (one->at_us != other->at_us)
        return one->at_us < other->at_us ? -1 : 1;
    return one->stream < other->stream ? -1 : one->stream > other->stream;
}

static int compare_events(const void *a, const void *b)
{
    const struct happened *one = a, *other = b;

    if (one->at_us != other->at_us)
        return one->at_us < other->at_us ? -1 : 1;
    if (one->order != other->order)
        return one->order < other->order ? -1 : 1;
    return (int)one->what - (int)other->what;
}

static int32_t year_of(const struct simulate_company *company, int64_t at_us)
{
    return zone_civil(company->settings->zone, at_us).year;
}

static void make_orders(struct simulate_company *company, struct simulate_random *random)
{
    const struct simulate_settings *settings = company->settings;

    for (uint32_t i = 0; i < settings->orders; i++) {
        struct order *order = &company->orders[i];
        int32_t day = choose_day(settings, random);

        order->at_us = moment_on(company, day, random);
        order->stream = STREAM_ORDERS + i;
        /* Where there are orders enough, everybody has one. */
        if (i < settings->customers && settings->customers <= settings->orders)
            order->customer = (int32_t)i;
        else
            order->customer = choose_customer(company, random);
        if (i >= settings->customers && simulate_random_chance(random, PERMILLE_ANONYMOUS))
            order->customer = NOBODY;
    }
    qsort(company->orders, settings->orders, sizeof(*company->orders), compare_orders);
    for (uint32_t i = 0, number = 0; i < settings->orders; i++) {
        struct order *order = &company->orders[i];

        order->year = year_of(company, order->at_us);
        number = i > 0 && order->year != company->orders[i - 1].year ? 1 : number + 1;
        order->number = number;
    }
}

/* Notes the event unless it lies after the span or in the future. */
static void note_event(struct simulate_company *company, uint32_t order, enum happening what,
                       int64_t at_us)
{
    const struct simulate_settings *settings = company->settings;

    if (at_us > settings->now_us || zone_day(settings->zone, at_us) > settings->to)
        return;
    company->events[company->event_count++] = (struct happened){at_us, order, what};
}

static void plan_order(struct simulate_company *company, uint32_t i, struct simulate_random *random)
{
    int64_t at_us = company->orders[i].at_us;
    int32_t day = zone_day(company->settings->zone, at_us);
    int64_t delivered =
        moment_on(company, day + 1 + (int32_t)simulate_random_below(random, 6), random);
    int64_t paid = moment_on(company, day + (int32_t)simulate_random_below(random, 31), random);
    int64_t returned = delivered + simulate_random_between(random, DAY_US, 20 * DAY_US);

    note_event(company, i, HAPPENING_PLACED, at_us);
    if (simulate_random_chance(random, PERMILLE_CANCELLED)) {
        note_event(company, i, HAPPENING_CANCELLED,
                   at_us + simulate_random_between(random, 600, 86400) * SECOND_US);
        return;
    }
    if (simulate_random_chance(random, PERMILLE_DELIVERED))
        note_event(company, i, HAPPENING_DELIVERED, delivered);
    if (simulate_random_chance(random, PERMILLE_PAID))
        note_event(company, i, HAPPENING_PAID, paid > at_us ? paid : at_us + 60 * SECOND_US);
    if (simulate_random_chance(random, PERMILLE_RETURNED))
        note_event(company, i, HAPPENING_RETURNED, returned / SECOND_US * SECOND_US);
}

static void number_returns(struct simulate_company *company)
{
    int32_t year = 0;
    uint32_t number = 0;

    for (uint64_t i = 0; i < company->event_count; i++) {
        struct order *order = &company->orders[company->events[i].order];

        if (company->events[i].what != HAPPENING_RETURNED)
            continue;
        order->return_year = year_of(company, company->events[i].at_us);
        number = order->return_year == year ? number + 1 : 1;
        year = order->return_year;
        order->return_number = number;
    }
}

struct simulate_company *simulate_company_new(const struct simulate_settings *settings)
{
    struct simulate_company *company = calloc(1, sizeof(*company));
    struct simulate_random random;

    if (company == NULL)
        return NULL;
    company->settings = settings;
    company->packer = import_packer_new(settings->source);
    company->customers = calloc(settings->customers, sizeof(*company->customers));
    company->by_size = calloc(settings->customers, sizeof(*company->by_size));
    company->up_to = calloc(settings->customers, sizeof(*company->up_to));
    company->orders = calloc(settings->orders + 1, sizeof(*company->orders));
    company->events =
        calloc((size_t)settings->orders * EVENTS_PER_ORDER + 1, sizeof(*company->events));
    if (company->packer == NULL || company->customers == NULL || company->by_size == NULL ||
        company->up_to == NULL || company->orders == NULL || company->events == NULL) {
        simulate_company_free(company);
        return NULL;
    }
    simulate_random_seed(&random, settings->seed, STREAM_PLAN);
    make_customers(company, &random);
    make_orders(company, &random);
    for (uint32_t i = 0; i < settings->orders; i++)
        plan_order(company, i, &random);
    qsort(company->events, company->event_count, sizeof(*company->events), compare_events);
    number_returns(company);
    return company;
}

void simulate_company_free(struct simulate_company *company)
{
    if (company == NULL)
        return;
    import_packer_free(company->packer);
    free(company->customers);
    free(company->by_size);
    free(company->up_to);
    free(company->orders);
    free(company->events);
    free(company);
}

uint64_t simulate_company_events(const struct simulate_company *company)
{
    return company->event_count;
}

/* --- what an order holds --- */

static void make_lines(struct simulate_company *company, const struct order *order,
                       struct simulate_random *random)
{
    unsigned size = order->customer == NOBODY ? 5 : company->customers[order->customer].size;
    /* The smaller of two throws: short orders are the usual ones. */
    size_t one = simulate_random_below(random, MAX_LINES),
           other = simulate_random_below(random, MAX_LINES);

    company->line_count = 1 + (one < other ? one : other);
    for (size_t i = 0; i < company->line_count; i++) {
        const struct simulate_product *product = simulate_market_product(random);
        int64_t usual = product->usual * SECOND_US * size / 10;
        int64_t step = product->is_weighed ? 250000 : 1000000;
        int64_t quantity = usual * simulate_random_between(random, 40, 160) / 100 / step * step;
        /* Up to 8 % off, more for large customers, in whole fen. */
        int64_t off = simulate_random_between(random, 0, 30 + size);

        company->lines[i] = (struct import_line){
            .product = product->code,
            .description = product->name,
            .quantity_micros = quantity < step ? step : quantity,
            .unit_price_micros = (product->price_fen * (1000 - off) + 500) / 1000 * 10000,
        };
    }
}

/* Some of the first line, or all lines, come back. */
static void make_return_lines(struct simulate_company *company, struct simulate_random *random)
{
    bool is_whole = simulate_random_chance(random, 300);

    if (!is_whole)
        company->line_count = 1;
    for (size_t i = 0; i < company->line_count; i++) {
        int64_t quantity = company->lines[i].quantity_micros;

        if (!is_whole && quantity >= 2 * SECOND_US)
            quantity = quantity / 2 / SECOND_US * SECOND_US;
        company->lines[i].quantity_micros = -quantity;
    }
}

static int64_t net_of(const struct simulate_company *company)
{
    int64_t net = 0, amount = 0;

    for (size_t i = 0; i < company->line_count; i++) {
        if (decimal_multiply(company->lines[i].quantity_micros, company->lines[i].unit_price_micros,
                             &amount))
            net += amount;
    }
    return net;
}

static bool pack_content(struct simulate_company *company, const struct order *order,
                         const struct happened *happened, struct import_event *event)
{
    const struct customer *customer =
        order->customer == NOBODY ? NULL : &company->customers[order->customer];
    bool is_return = happened->what == HAPPENING_RETURNED;
    struct import_order content = {
        .kind = is_return ? IMPORT_KIND_RETURN : IMPORT_KIND_ORDER,
        .number = is_return ? company->id : company->number,
        .order_number = is_return ? company->number : "",
        .customer = customer != NULL ? customer->id : "",
        .customer_name = customer != NULL ? customer->name : "",
        .region = customer != NULL ? customer->region->name : "上海",
        .currency = company->settings->currency,
        .ordered_at_us = happened->at_us,
        .lines = company->lines,
        .line_count = company->line_count,
    };

    return import_packer_order(company->packer, &content, event);
}

bool simulate_company_next(struct simulate_company *company, struct import_event *event)
{
    const struct happened *happened = &company->events[company->next];
    const struct order *order = &company->orders[happened->order];
    struct import_packer *packer = company->packer;
    struct simulate_random random;

    if (company->next == company->event_count)
        return false;
    company->next++;
    simulate_random_seed(&random, company->settings->seed, order->stream);
    make_lines(company, order, &random);
    snprintf(company->number, sizeof(company->number), "SO-%04d-%06u", order->year, order->number);
    switch (happened->what) {
    case HAPPENING_PLACED:
        return pack_content(company, order, happened, event);
    case HAPPENING_RETURNED:
        snprintf(company->id, sizeof(company->id), "RT-%04d-%06u", order->return_year,
                 order->return_number);
        make_return_lines(company, &random);
        return pack_content(company, order, happened, event);
    case HAPPENING_PAID:
        snprintf(company->id, sizeof(company->id), "%.24s-paid", company->number);
        return import_packer_paid(packer, company->id, company->number, happened->at_us,
                                  company->settings->currency, net_of(company), event);
    case HAPPENING_DELIVERED:
        snprintf(company->id, sizeof(company->id), "%.24s-delivered", company->number);
        return import_packer_delivered(packer, company->id, company->number, happened->at_us,
                                       event);
    case HAPPENING_CANCELLED:
        snprintf(company->id, sizeof(company->id), "%.24s-cancelled", company->number);
        return import_packer_cancelled(packer, company->id, company->number, happened->at_us,
                                       event);
    }
    return false;
}
