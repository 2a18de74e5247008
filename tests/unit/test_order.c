/* The rules of orders: amounts, history, and one state in every order of arrival. */
#include "services/customers/domain/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#define UNIT INT64_C(1000000)

static const struct id customers[] = {{{1}}, {{2}}, {{3}}};
static const struct id region = {{9}};

static const struct order_content placed_content = {
    .kind = ORDER_KIND_ADJUSTMENT,
    .revision = 0,
    .ordered_at_us = 1000,
    .day = 10,
    .currency = "CNY",
    .line_count = 1,
    .net_micros = 100 * UNIT,
};
static const struct order_content first_content = {
    .kind = ORDER_KIND_ORDER,
    .revision = 1,
    .ordered_at_us = 1001,
    .day = 11,
    .currency = "CNY",
    .line_count = 2,
    .net_micros = 200 * UNIT,
};
static const struct order_content second_content = {
    .kind = ORDER_KIND_ORDER,
    .revision = 2,
    .ordered_at_us = 1002,
    .day = 12,
    .currency = "EUR",
    .line_count = 3,
    .net_micros = -300 * UNIT,
};

enum { PLACED, AMENDED_1, AMENDED_2, CANCELLATION, PAID, DELIVERED, EVENT_COUNT };

/* The second amendment has an earlier business time: the revision decides alone. */
static struct order_event events[EVENT_COUNT] = {
    [PLACED] = {.at_us = 1000, .fact = ORDER_FACT_CONTENT, .content = &placed_content},
    [AMENDED_1] = {.at_us = 3000, .fact = ORDER_FACT_CONTENT, .content = &first_content},
    [AMENDED_2] = {.at_us = 2000, .fact = ORDER_FACT_CONTENT, .content = &second_content},
    [CANCELLATION] = {.at_us = 4000, .fact = ORDER_FACT_CANCELLED},
    [PAID] = {.at_us = 5000, .fact = ORDER_FACT_PAID, .currency = "EUR", .amount_micros = UNIT},
    [DELIVERED] = {.at_us = 6000, .fact = ORDER_FACT_DELIVERED},
};
static const char *const event_ids[EVENT_COUNT] = {"a", "b", "c", "d", "e", "f"};

static enum order_change apply(struct order *order, int event)
{
    const struct id *customer = &customers[event < 3 ? event : 0];

    events[event].id = (struct text){event_ids[event], 1};
    return order_apply(order, &events[event], customer, &region, event == AMENDED_2);
}

static void assert_final_state(const struct order *order)
{
    assert_true(order->has_content);
    assert_int_equal(order->revision, 2);
    assert_int_equal(order->content_at_us, 2000);
    assert_memory_equal(order->content_event.at, "c", 1);
    assert_int_equal(order->kind, ORDER_KIND_ADJUSTMENT);
    assert_memory_equal(&order->customer, &customers[2], sizeof(struct id));
    assert_memory_equal(&order->region, &region, sizeof(struct id));
    assert_int_equal(order->day, 12);
    assert_int_equal(order->ordered_at_us, 1002);
    assert_string_equal(order->currency, "EUR");
    assert_int_equal(order->line_count, 3);
    assert_int_equal(order->net_micros, -300 * UNIT);
    assert_true(order->is_historic);
    assert_true(order->is_cancelled);
    assert_int_equal(order->cancelled_at_us, 4000);
    assert_int_equal(order->paid_at_us, 5000);
    assert_int_equal(order->delivered_at_us, 6000);
    assert_false(order_counts(order));
}

/* Heap's algorithm; `visit` sees every permutation once. */
static int permute(int *sequence, int count, void (*visit)(const int *sequence))
{
    int visited = 0;

    if (count == 1) {
        visit(sequence);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        visited += permute(sequence, count - 1, visit);

        int other = count % 2 ? 0 : i;
        int kept = sequence[other];

        sequence[other] = sequence[count - 1];
        sequence[count - 1] = kept;
    }
    return visited;
}

static void visit_once(const int *sequence)
{
    struct order order = {0};

    for (int i = 0; i < EVENT_COUNT; i++)
        apply(&order, sequence[i]);
    assert_final_state(&order);
}

static void visit_twice(const int *sequence)
{
    struct order order = {0};

    for (int i = 0; i < EVENT_COUNT; i++) {
        apply(&order, sequence[i]);
        apply(&order, sequence[i / 2]);
    }
    assert_final_state(&order);
}

static void every_order_of_arrival_ends_in_the_same_state(void **state)
{
    int sequence[EVENT_COUNT] = {0, 1, 2, 3, 4, 5};

    (void)state;
    assert_int_equal(permute(sequence, EVENT_COUNT, visit_once), 720);
}

static void doubled_and_shuffled_delivery_ends_in_the_same_state(void **state)
{
    int sequence[EVENT_COUNT] = {0, 1, 2, 3, 4, 5};

    (void)state;
    assert_int_equal(permute(sequence, EVENT_COUNT, visit_twice), 720);
}

static void each_event_says_what_it_changed(void **state)
{
    struct order order = {0};

    (void)state;
    assert_int_equal(apply(&order, AMENDED_1), ORDER_CHANGED_CONTENT);
    assert_int_equal(apply(&order, PLACED), ORDER_CHANGED_FACTS); /* its kind */
    assert_int_equal(apply(&order, PLACED), ORDER_UNCHANGED);
    assert_int_equal(apply(&order, AMENDED_1), ORDER_UNCHANGED);
    assert_int_equal(apply(&order, AMENDED_2), ORDER_CHANGED_CONTENT);
    assert_int_equal(apply(&order, CANCELLATION), ORDER_CHANGED_FACTS);
    assert_int_equal(apply(&order, CANCELLATION), ORDER_UNCHANGED);
    assert_int_equal(apply(&order, DELIVERED), ORDER_CHANGED_FACTS);
    assert_int_equal(apply(&order, DELIVERED), ORDER_UNCHANGED);
}

static void a_payment_always_changes_facts_because_payments_add_up(void **state)
{
    struct order order = {.paid_at_us = 9000};

    (void)state;
    assert_int_equal(apply(&order, PAID), ORDER_CHANGED_FACTS);
    assert_int_equal(order.paid_at_us, 9000);
}

static void a_document_counts_from_its_content_until_it_is_cancelled(void **state)
{
    struct order order = {0};

    (void)state;
    apply(&order, PAID);
    apply(&order, DELIVERED);
    assert_false(order_counts(&order));
    apply(&order, PLACED);
    assert_true(order_counts(&order));
    apply(&order, CANCELLATION);
    assert_false(order_counts(&order));
    apply(&order, AMENDED_2);
    assert_false(order_counts(&order));
}

static bool prevails(uint32_t revision, int64_t at_us, const char *id)
{
    const struct order order = {
        .has_content = true, .revision = 3, .content_at_us = 100, .content_event = TEXT_OF("m-5")};
    const struct order_content content = {.revision = revision};
    const struct order_event event = {
        .id = {id, strlen(id)}, .at_us = at_us, .fact = ORDER_FACT_CONTENT, .content = &content};

    return order_prevails(&order, &event);
}

static void the_higher_revision_prevails_whatever_its_time(void **state)
{
    (void)state;
    assert_true(prevails(4, 1, "a"));
    assert_false(prevails(2, 1000, "z"));
}

static void at_the_same_revision_the_later_business_time_prevails(void **state)
{
    (void)state;
    assert_true(prevails(3, 101, "a"));
    assert_false(prevails(3, 99, "z"));
}

static void at_the_same_time_the_greater_event_id_prevails(void **state)
{
    (void)state;
    assert_true(prevails(3, 100, "m-6"));
    assert_true(prevails(3, 100, "m-50"));
    assert_false(prevails(3, 100, "m-5"));
    assert_false(prevails(3, 100, "m-"));
    assert_false(prevails(3, 100, ""));
    assert_true(prevails(3, 100, "\xe4\xb8\xad"));
}

static void any_content_prevails_over_none(void **state)
{
    const struct order order = {.revision = 0};
    const struct order_content content = {.revision = 0};
    const struct order_event event = {.fact = ORDER_FACT_CONTENT, .content = &content};

    (void)state;
    assert_true(order_prevails(&order, &event));
}

static void of_several_cancellations_the_first_and_of_deliveries_the_last_is_kept(void **state)
{
    const struct order_event early = {.at_us = 10, .fact = ORDER_FACT_CANCELLED};
    const struct order_event late = {.at_us = 20, .fact = ORDER_FACT_CANCELLED};
    const struct order_event first = {.at_us = 30, .fact = ORDER_FACT_DELIVERED};
    const struct order_event last = {.at_us = 40, .fact = ORDER_FACT_DELIVERED};
    struct order order = {0};

    (void)state;
    order_apply(&order, &late, &region, &region, false);
    order_apply(&order, &early, &region, &region, false);
    order_apply(&order, &late, &region, &region, false);
    order_apply(&order, &last, &region, &region, false);
    order_apply(&order, &first, &region, &region, false);
    assert_int_equal(order.cancelled_at_us, 10);
    assert_int_equal(order.delivered_at_us, 40);
}

static void a_line_is_rounded_half_away_from_zero(void **state)
{
    static const int64_t known[][3] = {
        {1500000, 3, 5}, /* 4.5 millionths */
        {1500000, -3, -5}, {-500000, 1, -1},  {499999, 1, 0}, {-2 * UNIT, 4950000, -9900000},
        {0, 4950000, 0},   {12 * UNIT, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        int64_t amount = 42;

        assert_true(order_line_amount(known[i][0], known[i][1], &amount));
        assert_int_equal(amount, known[i][2]);
    }
}

static void a_line_over_a_billion_is_refused(void **state)
{
    int64_t amount = 42;

    (void)state;
    assert_false(order_line_amount(ORDER_MAX_AMOUNT_MICROS + 1, UNIT, &amount));
    assert_false(order_line_amount(-ORDER_MAX_AMOUNT_MICROS - 1, UNIT, &amount));
    assert_false(order_line_amount(INT64_MAX, INT64_MAX, &amount));
    assert_false(order_line_amount(INT64_MIN, INT64_MAX, &amount));
    assert_int_equal(amount, 42);
    assert_true(order_line_amount(-ORDER_MAX_AMOUNT_MICROS, UNIT, &amount));
    assert_int_equal(amount, -ORDER_MAX_AMOUNT_MICROS);
}

static void a_document_over_a_billion_is_refused(void **state)
{
    static struct order_line lines[ORDER_MAX_LINES];
    int64_t net = 42;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        lines[i].amount_micros = ORDER_MAX_AMOUNT_MICROS;
    assert_false(order_net(lines, ORDER_MAX_LINES, &net));
    assert_false(order_net(lines, 2, &net));
    assert_int_equal(net, 42);
    assert_true(order_net(lines, 1, &net));
    assert_int_equal(net, ORDER_MAX_AMOUNT_MICROS);
    lines[2].amount_micros = -ORDER_MAX_AMOUNT_MICROS;
    assert_true(order_net(lines, 3, &net));
    assert_int_equal(net, ORDER_MAX_AMOUNT_MICROS);
}

static void exactly_seven_days_ago_is_not_yet_history(void **state)
{
    int64_t now_us = INT64_C(1790697599123456);

    (void)state;
    assert_false(order_is_historic(now_us - 7 * DAY_US, now_us));
    assert_true(order_is_historic(now_us - 7 * DAY_US - 1, now_us));
    assert_false(order_is_historic(now_us + DAY_US, now_us));
    assert_true(order_is_historic(1, now_us));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_arrival_ends_in_the_same_state),
        cmocka_unit_test(doubled_and_shuffled_delivery_ends_in_the_same_state),
        cmocka_unit_test(each_event_says_what_it_changed),
        cmocka_unit_test(a_payment_always_changes_facts_because_payments_add_up),
        cmocka_unit_test(a_document_counts_from_its_content_until_it_is_cancelled),
        cmocka_unit_test(the_higher_revision_prevails_whatever_its_time),
        cmocka_unit_test(at_the_same_revision_the_later_business_time_prevails),
        cmocka_unit_test(at_the_same_time_the_greater_event_id_prevails),
        cmocka_unit_test(any_content_prevails_over_none),
        cmocka_unit_test(of_several_cancellations_the_first_and_of_deliveries_the_last_is_kept),
        cmocka_unit_test(a_line_is_rounded_half_away_from_zero),
        cmocka_unit_test(a_line_over_a_billion_is_refused),
        cmocka_unit_test(a_document_over_a_billion_is_refused),
        cmocka_unit_test(exactly_seven_days_ago_is_not_yet_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
