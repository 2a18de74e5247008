/* Cards: questions, answers, and figures that go through the cache. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kehu/customers/v1/cards.pb-c.h"
#include "common/pure/text.h"
#include "services/customers/codec/codec_card.h"

static const struct id one = {{1, 2, 3}}, other = {{4}};
static const struct card_sales sales[] = {{"CNY", 3, -5, 1, 7}, {"USD", 1, 2, 0, 0}};
static const struct card_figures figures = {.customer = {{1, 2, 3}},
                                            .version = 7,
                                            .as_of = 20726,
                                            .grade = 'A',
                                            .region = TEXT_OF("云南"),
                                            .sales = sales,
                                            .sales_count = 2,
                                            .first_day = 20000,
                                            .last_day = 20100,
                                            .expected_next = FILE_NO_DAY,
                                            .orders_12_months = 4};

static struct packed pack(const ProtobufCMessage *message, struct arena *arena)
{
    uint8_t *bytes = arena_take(arena, protobuf_c_message_get_packed_size(message) + 1);

    return (struct packed){bytes, protobuf_c_message_pack(message, bytes)};
}

static void cached_figures_are_read_as_they_were(void **state)
{
    struct packed packed = pack(codec_figures(&figures, *state), *state);
    struct card_figures read;

    assert_int_equal(codec_get_figures(packed.at, packed.bytes, *state, &read), OK);
    assert_memory_equal(&read.customer, &one, sizeof(one));
    assert_int_equal(read.version, 7);
    assert_int_equal(read.as_of, 20726);
    assert_int_equal(read.grade, 'A');
    assert_int_equal(text_compare(read.region, figures.region), 0);
    assert_int_equal(read.sales_count, 2);
    assert_memory_equal(read.sales, sales, sizeof(sales));
    assert_int_equal(read.first_day, 20000);
    assert_int_equal(read.last_day, 20100);
    assert_int_equal(read.expected_next, FILE_NO_DAY);
    assert_int_equal(read.orders_12_months, 4);
}

static void what_was_cut_is_no_card(void **state)
{
    struct packed packed = pack(codec_figures(&figures, *state), *state);
    struct card_figures read;

    /* Some cuts leave a message; none of these is of this customer, version and day. */
    for (size_t bytes = 0; bytes < packed.bytes; bytes++) {
        struct card card = {.id = one, .version = 7};

        if (codec_get_figures(packed.at, bytes, *state, &read) == OK)
            assert_false(card_is_current(&card, &read, 20726));
    }
}

static void a_card_counts_for_its_customer_version_and_day(void **state)
{
    struct card card = {.id = one, .version = 7};

    (void)state;
    assert_true(card_is_current(&card, &figures, 20726));
    assert_false(card_is_current(&card, &figures, 20727));
    card.version = 8;
    assert_false(card_is_current(&card, &figures, 20726));
    card = (struct card){.id = other, .version = 7};
    assert_false(card_is_current(&card, &figures, 20726));
}

static void a_question_holds_1_to_100_refs(void **state)
{
    char *refs[101];
    Kehu__Customers__V1__GetCards ask = KEHU__CUSTOMERS__V1__GET_CARDS__INIT;
    struct codec_card_ask out;
    char field[40], why[200];

    for (size_t i = 0; i < COUNT_OF(refs); i++)
        refs[i] = "uci:1";
    ask.refs = refs;
    for (ask.n_refs = 0; ask.n_refs <= 101; ask.n_refs++) {
        struct packed packed = pack(&ask.base, *state);
        bool is_good = ask.n_refs >= 1 && ask.n_refs <= 100;

        assert_int_equal(codec_get_get_cards(packed.at, packed.bytes, *state, &out, field,
                                             sizeof(field), why, sizeof(why)),
                         is_good ? OK : INVALID_ARGUMENT);
        if (!is_good)
            assert_string_equal(field, "refs");
    }
}

static void an_answer_names_what_is_unknown_and_hides_names_when_asked(void **state)
{
    struct card list[] = {{.ref = TEXT_OF("a:1")},
                          {.ref = TEXT_OF("a:2"),
                           .id = one,
                           .number = 12,
                           .name = TEXT_OF("李娜"),
                           .region = TEXT_OF("R1"),
                           .review_due = FILE_NO_DAY,
                           .figures = &figures}};
    const struct cards cards = {.list = list, .count = 2};
    const Kehu__Customers__V1__Cards *all = (const void *)codec_cards(&cards, false, *state);

    assert_int_equal(all->n_unknown, 1);
    assert_string_equal(all->unknown[0], "a:1");
    assert_int_equal(all->n_cards, 1);
    assert_string_equal(all->cards[0]->name, "李娜");
    assert_string_equal(all->cards[0]->region, "R1");
    all = (const void *)codec_cards(&cards, true, *state);
    assert_string_equal(all->cards[0]->name, "");
}

static int set_up(void **state)
{
    *state = arena_new(1 << 20);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cached_figures_are_read_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_cut_is_no_card, set_up, tear_down),
        cmocka_unit_test(a_card_counts_for_its_customer_version_and_day),
        cmocka_unit_test_setup_teardown(a_question_holds_1_to_100_refs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_names_what_is_unknown_and_hides_names_when_asked,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
