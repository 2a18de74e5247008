/*
 * Merges, duplicates and places in the timeline as rules: values in, values out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/customers/domain/duplicate.h"
#include "services/customers/domain/duplicate_places.h"
#include "services/customers/domain/merge.h"
#include "services/customers/domain/timeline.h"

static struct file_row row_of(uint8_t number)
{
    return (struct file_row){
        .found = true,
        .id = {{number}},
        .number = number,
        .state = {.party = FILE_PARTY_CUSTOMER, .nature = FILE_NATURE_ORGANISATION}};
}

static void two_customers_of_one_nature_may_be_merged(void **state)
{
    struct file_row a = row_of(1), b = row_of(2);

    (void)state;
    assert_int_equal(merge_check(&a, &b), MERGE_FINE);
    b.state.party = FILE_PARTY_SUPPLIER; /* a company may be both */
    assert_int_equal(merge_check(&a, &b), MERGE_FINE);
}

static void
nobody_is_merged_with_himself_a_tombstone_the_anonymous_the_erased_or_a_person(void **state)
{
    const struct file_row a = row_of(1);
    struct file_row b = row_of(1);

    (void)state;
    assert_int_equal(merge_check(&a, &b), MERGE_ITSELF);
    b = row_of(2);
    b.merged_from = 3;
    assert_int_equal(merge_check(&a, &b), MERGE_MERGED_IS_MERGED);
    assert_int_equal(merge_check(&b, &a), MERGE_SURVIVOR_IS_MERGED);
    b = row_of(1);
    b.merged_from = 3; /* a tombstone of the survivor himself */
    assert_int_equal(merge_check(&a, &b), MERGE_MERGED_IS_MERGED);
    b = row_of(2);
    b.state.party = FILE_PARTY_NONE;
    assert_int_equal(merge_check(&a, &b), MERGE_ANONYMOUS);
    assert_int_equal(merge_check(&b, &a), MERGE_ANONYMOUS);
    b = row_of(2);
    b.is_erased = true;
    assert_int_equal(merge_check(&a, &b), MERGE_ERASED);
    assert_int_equal(merge_check(&b, &a), MERGE_ERASED);
    b = row_of(2);
    b.state.nature = FILE_NATURE_PERSON;
    assert_int_equal(merge_check(&a, &b), MERGE_NATURES);
}

static void of_a_fact_that_both_have_the_survivors_is_taken(void **state)
{
    const struct field *phone = fields_find(TEXT_OF("phone"));
    const struct field *industry = fields_find(TEXT_OF("industry"));
    struct fact mine[] = {{.field = industry, .value = TEXT_OF("贸易")}};
    struct fact hers[] = {{.field = phone, .value = TEXT_OF("+8613900000001")},
                          {.field = industry, .value = TEXT_OF("茶叶")}};
    struct fact room[FIELDS_MAX];
    const struct facts a = {mine, 1}, b = {hers, 2};
    struct facts all = {room, 7};

    (void)state;
    merge_join_facts(&a, &b, &all);
    assert_int_equal(all.count, 2);
    assert_ptr_equal(file_find_fact(&all, industry)->value.at, mine[0].value.at);
    assert_ptr_equal(file_find_fact(&all, phone)->value.at, hers[0].value.at);
}

static void the_merged_ones_owner_goes_on_only_where_the_survivor_has_none(void **state)
{
    struct merge_interval wang[] = {{{{1}}, {{11}}, true}}, li[] = {{{{2}}, {{12}}, true}};
    const struct merge_intervals nobody = {NULL, 0}, owned = {wang, 1}, merged = {li, 1};
    bool goes_on[1];

    (void)state;
    assert_true(merge_owners(&nobody, &merged, goes_on));
    assert_true(goes_on[0]);
    assert_true(merge_owners(&owned, &merged, goes_on));
    assert_false(goes_on[0]);
    assert_true(merge_owners(&owned, &nobody, goes_on));
    assert_false(merge_owners(&nobody, &nobody, goes_on));
}

static void the_team_goes_on_and_nobody_stands_there_twice(void **state)
{
    struct merge_interval mine[] = {{{{1}}, {{11}}, true}, {{{2}}, {{12}}, false}};
    struct merge_interval hers[] = {
        {{{3}}, {{12}}, true}, {{{4}}, {{13}}, false}, {{{5}}, {{11}}, false}};
    const struct merge_intervals survivor = {mine, 2}, merged = {hers, 3};
    bool goes_on[3];

    (void)state;
    assert_true(merge_owners(&survivor, &merged, goes_on));
    assert_false(goes_on[0]);
    assert_true(goes_on[1]);
    assert_false(goes_on[2]);
}

/* --- duplicates --- */

static unsigned judge(const char *a, const char *b, unsigned reasons)
{
    const struct duplicate_pair pair = {
        .a = {.number = 1, .name = {a, strlen(a)}},
        .b = {.number = 2, .name = {b, strlen(b)}},
        .reasons = reasons,
    };

    return duplicate_judge(&pair);
}

static void spellings_of_one_companys_name_are_a_reason(void **state)
{
    (void)state;
    assert_int_equal(
        judge("昆明(翠湖)茶业有限公司", "昆明（翠湖）茶业有限责任公司", DUPLICATE_NAME),
        DUPLICATE_NAME);
    assert_int_equal(judge("昆明翠湖茶业", "昆明翠湖茶叶", DUPLICATE_NAME), 0);
}

static void a_branch_and_its_head_office_are_two_whatever_they_share(void **state)
{
    (void)state;
    assert_int_equal(judge("滇池商贸有限公司", "滇池商贸有限公司大理分公司", DUPLICATE_ANY), 0);
    assert_int_equal(judge("滇池商贸第一店", "滇池商贸第二店", DUPLICATE_PHONE), 0);
    assert_int_equal(judge("滇池商贸大理分公司", "滇池商贸大理分公司", DUPLICATE_ANY),
                     DUPLICATE_ANY);
}

static void the_same_company_in_another_city_is_another(void **state)
{
    (void)state;
    assert_int_equal(judge("昆明金马贸易有限公司", "曲靖金马贸易有限公司", DUPLICATE_PHONE), 0);
    assert_int_equal(judge("金马贸易(云南)有限公司", "金马贸易(贵州省)有限公司", DUPLICATE_PHONE),
                     0);
    assert_int_equal(judge("昆明市金马贸易", "大理市金马贸易", DUPLICATE_PHONE), 0);
    assert_int_equal(judge("昆明金马贸易", "昆明碧鸡贸易", DUPLICATE_PHONE), DUPLICATE_PHONE);
    assert_int_equal(judge("金马贸易", "昆明金马贸易", DUPLICATE_PHONE), DUPLICATE_PHONE);
}

static void places_are_found_with_and_without_what_they_are(void **state)
{
    static const char *const places[] = {"昆明", "昆明市", "云南省", "七台河", "龙岩", "上海"};
    static const char *const none[] = {"", "市", "昆", "昆明市市", "翠湖", "云南省份"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        assert_true(duplicate_places_has((struct text){places[i], strlen(places[i])}));
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(duplicate_places_has((struct text){none[i], strlen(none[i])}));
}

static void persons_are_suggested_by_what_they_share_and_never_by_name(void **state)
{
    struct duplicate_pair pair = {.a = {.name = TEXT_OF("王芳"), .is_person = true},
                                  .b = {.name = TEXT_OF("王芳"), .is_person = true},
                                  .reasons = DUPLICATE_NAME | DUPLICATE_PHONE};

    (void)state;
    assert_int_equal(duplicate_judge(&pair), DUPLICATE_PHONE);
    pair.b.is_person = false;
    assert_int_equal(duplicate_judge(&pair), 0);
}

static void reasons_have_names_and_are_found_by_them(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DUPLICATE_REASONS; i++) {
        const char *name = duplicate_reason_name((enum duplicate_reason)(1U << i));

        assert_int_equal(duplicate_reason_of((struct text){name, strlen(name)}), 1U << i);
    }
    assert_int_equal(duplicate_reason_of(TEXT_OF("face")), 0);
    assert_string_equal(duplicate_reason_name((enum duplicate_reason)3), "");
}

/* --- places in the timeline --- */

static void a_place_is_read_as_it_was_printed(void **state)
{
    const struct timeline_entry entry = {.at_us = INT64_C(1790000000000001),
                                         .key = TEXT_OF("order:uci:5:3.6")};
    char token[TIMELINE_TOKEN_BYTES];
    struct timeline_place place;

    (void)state;
    timeline_print_place(&entry, token);
    assert_string_equal(token, "1790000000000001.order:uci:5:3.6");
    assert_true(timeline_read_place((struct text){token, strlen(token)}, &place));
    assert_int_equal(place.at_us, entry.at_us);
    assert_int_equal(place.key.bytes, entry.key.bytes);
    assert_memory_equal(place.key.at, entry.key.at, entry.key.bytes);
}

static void what_is_no_place_is_none(void **state)
{
    static const char *const none[] = {"", ".", "1", "1.", ".x", "x.y", "1234567890123456789.x"};
    char longest[TIMELINE_MAX_KEY + 10] = "1.";
    struct timeline_place place = {7, TEXT_OF("k")};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(timeline_read_place((struct text){none[i], strlen(none[i])}, &place));
    memset(longest + 2, 'x', TIMELINE_MAX_KEY + 1);
    assert_false(timeline_read_place((struct text){longest, TIMELINE_MAX_KEY + 3}, &place));
    assert_int_equal(place.at_us, 7);
}

static void kinds_are_words_of_small_letters(void **state)
{
    (void)state;
    assert_true(timeline_is_kind(TEXT_OF("case_opened")));
    assert_false(timeline_is_kind(TEXT_OF("")));
    assert_false(timeline_is_kind(TEXT_OF("Order")));
    assert_false(timeline_is_kind(TEXT_OF("a23456789012345678901234567890123456789012")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_customers_of_one_nature_may_be_merged),
        cmocka_unit_test(
            nobody_is_merged_with_himself_a_tombstone_the_anonymous_the_erased_or_a_person),
        cmocka_unit_test(of_a_fact_that_both_have_the_survivors_is_taken),
        cmocka_unit_test(the_merged_ones_owner_goes_on_only_where_the_survivor_has_none),
        cmocka_unit_test(the_team_goes_on_and_nobody_stands_there_twice),
        cmocka_unit_test(spellings_of_one_companys_name_are_a_reason),
        cmocka_unit_test(a_branch_and_its_head_office_are_two_whatever_they_share),
        cmocka_unit_test(the_same_company_in_another_city_is_another),
        cmocka_unit_test(places_are_found_with_and_without_what_they_are),
        cmocka_unit_test(persons_are_suggested_by_what_they_share_and_never_by_name),
        cmocka_unit_test(reasons_have_names_and_are_found_by_them),
        cmocka_unit_test(a_place_is_read_as_it_was_printed),
        cmocka_unit_test(what_is_no_place_is_none),
        cmocka_unit_test(kinds_are_words_of_small_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
