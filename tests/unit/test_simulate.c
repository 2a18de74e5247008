/*
 * The simulated company: the same every time, and like a company.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/kehuctl/import_event.c"
#include "clients/kehuctl/simulate_company.c"
#include "clients/kehuctl/simulate_market.c"
#include "clients/kehuctl/simulate_random.c"
#include "common/validate.h"
#include "common/zones.h"

#define CUSTOMERS 500

static struct zone shanghai;

static struct simulate_settings standard(void)
{
    return (struct simulate_settings){
        .customers = CUSTOMERS,
        .orders = 5000,
        .seed = 1,
        .from = day_make(2025, 7, 1),
        .to = day_make(2026, 6, 30),
        .now_us = INT64_C(2000000000) * SECOND_US,
        .zone = &shanghai,
        .source = "sim",
        .currency = "CNY",
    };
}

/* FNV-1a over all events. */
static uint64_t digest(const struct simulate_settings *settings, uint64_t *count)
{
    struct simulate_company *company = simulate_company_new(settings);
    struct import_event event;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (*count = 0; simulate_company_next(company, &event); ++*count) {
        for (size_t i = 0; i < event.count; i++)
            hash = (hash ^ event.bytes[i]) * UINT64_C(0x100000001b3);
    }
    assert_int_equal(*count, simulate_company_events(company));
    simulate_company_free(company);
    return hash;
}

static void the_same_seed_gives_the_same_bytes_and_another_seed_others(void **state)
{
    struct simulate_settings settings = standard();
    uint64_t count, again, first = digest(&settings, &count);

    (void)state;
    assert_true(first == digest(&settings, &again));
    assert_true(count == again);
    settings.seed = 2;
    assert_true(first != digest(&settings, &again));
}

static void the_generator_gives_the_numbers_its_authors_publish(void **state)
{
    struct simulate_random random = {{1, 2, 3, 4}};

    (void)state;
    assert_true(simulate_random_next(&random) == 11520);
    assert_true(simulate_random_next(&random) == 0);
    assert_true(simulate_random_next(&random) == 1509978240);
}

/* --- what the events say --- */

struct seen {
    uint64_t placed, returned, paid, delivered, cancelled, anonymous, lines;
    int64_t net[CUSTOMERS + 1]; /* the last: nobody's */
    uint64_t chinese, english;
    int64_t first_us, last_us;
    bool in_order;
    int64_t net_sum, paid_sum;
};

static bool is_ascii_text(const char *text)
{
    while (*text > 0)
        text++;
    return *text == '\0';
}

static void see_content(struct seen *seen, const Kehu__Customers__V1__OrderContent *content)
{
    size_t customer = CUSTOMERS;
    int64_t amount;

    assert_in_range(content->n_lines, 1, 12);
    assert_true(content->region[0] != '\0');
    if (content->customer != NULL) {
        customer = (size_t)atoi(content->customer->external_id + 1) - 1;
        assert_true(customer < CUSTOMERS);
        assert_true(validate_text(content->customer->name, strlen(content->customer->name)));
        if (is_ascii_text(content->customer->name))
            seen->english++;
        else
            seen->chinese++;
    } else {
        seen->anonymous++;
    }
    for (size_t i = 0; i < content->n_lines; i++) {
        const Kehu__Customers__V1__OrderLine *line = content->lines[i];

        assert_true(line->unit_price_micros > 0 && line->unit_price_micros % 10000 == 0);
        assert_true(decimal_multiply(line->quantity_micros, line->unit_price_micros, &amount));
        seen->net[customer] += amount;
        seen->net_sum += amount;
    }
    seen->lines += content->n_lines;
}

static void see_event(struct seen *seen, const Io__Cloudevents__V1__CloudEvent *cloud)
{
    const Google__Protobuf__Timestamp *at = cloud->attributes[0]->value->ce_timestamp;
    int64_t at_us = at->seconds * SECOND_US + at->nanos / 1000;
    const uint8_t *data = cloud->proto_data->value.data;
    size_t bytes = cloud->proto_data->value.len;

    seen->in_order = seen->in_order && at_us >= seen->last_us;
    seen->last_us = at_us;
    if (seen->first_us == 0)
        seen->first_us = at_us;
    if (strstr(cloud->type, "OrderPlaced")) {
        Kehu__Customers__V1__OrderPlaced *placed =
            kehu__customers__v1__order_placed__unpack(NULL, bytes, data);

        assert_string_equal(placed->number, cloud->id);
        see_content(seen, placed->content);
        seen->placed++;
        kehu__customers__v1__order_placed__free_unpacked(placed, NULL);
    } else if (strstr(cloud->type, "OrderReturned")) {
        Kehu__Customers__V1__OrderReturned *returned =
            kehu__customers__v1__order_returned__unpack(NULL, bytes, data);

        assert_true(returned->content->lines[0]->quantity_micros < 0);
        assert_true(strncmp(returned->order_number, "SO-", 3) == 0);
        see_content(seen, returned->content);
        seen->returned++;
        kehu__customers__v1__order_returned__free_unpacked(returned, NULL);
    } else if (strstr(cloud->type, "OrderPaid")) {
        Kehu__Customers__V1__OrderPaid *paid =
            kehu__customers__v1__order_paid__unpack(NULL, bytes, data);

        assert_true(paid->amount_micros > 0);
        seen->paid_sum += paid->amount_micros;
        seen->paid++;
        kehu__customers__v1__order_paid__free_unpacked(paid, NULL);
    } else if (strstr(cloud->type, "OrderDelivered")) {
        seen->delivered++;
    } else {
        assert_non_null(strstr(cloud->type, "OrderCancelled"));
        seen->cancelled++;
    }
}

static struct seen see_all(const struct simulate_settings *settings)
{
    struct simulate_company *company = simulate_company_new(settings);
    struct import_event event;
    struct seen seen = {.in_order = true};

    while (simulate_company_next(company, &event)) {
        Io__Cloudevents__V1__CloudEvent *cloud =
            io__cloudevents__v1__cloud_event__unpack(NULL, event.count, event.bytes);

        assert_non_null(cloud);
        see_event(&seen, cloud);
        io__cloudevents__v1__cloud_event__free_unpacked(cloud, NULL);
    }
    simulate_company_free(company);
    return seen;
}

static int compare_nets(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;

    return *one > *other ? -1 : *one < *other;
}

static void a_fifth_of_the_customers_brings_four_fifths_of_the_sales(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct simulate_settings settings = standard();
        struct seen seen;
        int64_t all = 0, top = 0;

        settings.seed = seed;
        seen = see_all(&settings);
        qsort(seen.net, CUSTOMERS, sizeof(seen.net[0]), compare_nets);
        for (size_t i = 0; i < CUSTOMERS; i++) {
            all += seen.net[i];
            top += i < CUSTOMERS / 5 ? seen.net[i] : 0;
        }
        assert_in_range(top * 100 / all, 75, 86);
    }
}

static void every_order_is_placed_and_some_come_back(void **state)
{
    struct simulate_settings settings = standard();
    struct seen seen = see_all(&settings);

    (void)state;
    assert_int_equal(seen.placed, 5000);
    assert_in_range(seen.returned, 120, 240);
    assert_in_range(seen.cancelled, 100, 200);
    assert_in_range(seen.anonymous, 60, 140);
    assert_in_range(seen.delivered, 4300, 4800);
    assert_in_range(seen.paid, 3900, 4700);
    assert_true(seen.paid_sum < seen.net_sum * 11 / 10);
    assert_true(seen.english > 200 && seen.english < seen.chinese / 3);
}

static void events_come_in_the_order_of_time_within_the_span(void **state)
{
    struct simulate_settings settings = standard();
    struct seen seen = see_all(&settings);

    (void)state;
    assert_true(seen.in_order);
    assert_true(zone_day(&shanghai, seen.first_us) >= settings.from);
    assert_true(zone_day(&shanghai, seen.last_us) <= settings.to);
}

static void the_future_is_left_out_and_the_past_stays_the_same(void **state)
{
    struct simulate_settings settings = standard(), later = standard();
    struct simulate_company *now_company, *later_company;
    struct import_event now, then;
    uint64_t count = 0;

    (void)state;
    settings.now_us = day_make(2026, 1, 15) * DAY_US;
    now_company = simulate_company_new(&settings);
    later_company = simulate_company_new(&later);
    while (simulate_company_next(now_company, &now)) {
        assert_true(simulate_company_next(later_company, &then));
        assert_int_equal(now.count, then.count);
        assert_memory_equal(now.bytes, then.bytes, now.count);
        count++;
    }
    assert_true(count > 5000 && count < simulate_company_events(later_company) - 3000);
    assert_true(now_company->events[count - 1].at_us <= settings.now_us);
    simulate_company_free(now_company);
    simulate_company_free(later_company);
}

static void one_customer_one_order_one_day_is_a_company_too(void **state)
{
    struct simulate_settings settings = standard();
    struct seen seen;

    (void)state;
    settings.customers = settings.orders = 1;
    settings.from = settings.to = day_make(2026, 2, 17);
    seen = see_all(&settings);
    assert_int_equal(seen.placed, 1);
    settings.customers = 500;
    settings.orders = 20;
    seen = see_all(&settings);
    assert_int_equal(seen.placed, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_and_another_seed_others),
        cmocka_unit_test(the_generator_gives_the_numbers_its_authors_publish),
        cmocka_unit_test(a_fifth_of_the_customers_brings_four_fifths_of_the_sales),
        cmocka_unit_test(every_order_is_placed_and_some_come_back),
        cmocka_unit_test(events_come_in_the_order_of_time_within_the_span),
        cmocka_unit_test(the_future_is_left_out_and_the_past_stays_the_same),
        cmocka_unit_test(one_customer_one_order_one_day_is_a_company_too),
    };
    char why[128];

    if (zones_load("Asia/Shanghai", &shanghai, why, sizeof(why)) != OK) {
        printf("%s\n", why);
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
