/* Changes of a file, where organisations hang, what purchases say; when a review is due. */
#include "services/customers/domain/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "services/customers/domain/review.h"

static struct fact fact_of(const char *field, const char *value)
{
    return (struct fact){
        .field = fields_find((struct text){field, strlen(field)}),
        .value = {value, strlen(value)},
        .status = FILE_STATUS_UNVERIFIED,
        .collector = TEXT_OF("li.na"),
        .verified_on = FILE_NO_DAY,
    };
}

static struct fact known[FIELDS_MAX], room[FIELDS_MAX];
static const char *changed[FILE_MAX_CHANGED];

/* An organisation with a name and a phone. */
static struct file_state shop(void)
{
    known[0] = fact_of("name", "翠湖");
    known[1] = fact_of("phone", "+8613800000001");
    return (struct file_state){.party = FILE_PARTY_CUSTOMER,
                               .nature = FILE_NATURE_ORGANISATION,
                               .region = TEXT_OF(""),
                               .has_name = true,
                               .facts = {known, 2}};
}

static size_t apply(const struct file_state *before, const struct file_change *change,
                    struct file_state *after)
{
    after->facts.list = room;
    return file_apply(before, change, after, changed);
}

static void what_is_not_said_stays(void **state)
{
    struct file_state before = shop(), after;
    const struct file_change nothing = {.party = FILE_PARTY_NONE};

    (void)state;
    assert_int_equal(apply(&before, &nothing, &after), 0);
    assert_int_equal(after.party, FILE_PARTY_CUSTOMER);
    assert_int_equal(after.facts.count, 2);
}

static void what_changed_is_named_and_nothing_else(void **state)
{
    struct file_state before = shop(), after;
    struct fact told[] = {fact_of("phone", "+8613800000001"), fact_of("email", "a@b.cn"),
                          fact_of("address", "")};
    struct file_change change = {.party = FILE_PARTY_CHANNEL,
                                 .nature = FILE_NATURE_ORGANISATION,
                                 .sets_parent = true,
                                 .has_parent = true,
                                 .parent = {{7}},
                                 .sets_region = true,
                                 .region = TEXT_OF("yn"),
                                 .added_refs = 1,
                                 .facts = {told, 3}};

    (void)state;
    assert_int_equal(apply(&before, &change, &after), 5);
    assert_string_equal(changed[0], "party_type");
    assert_string_equal(changed[1], "parent");
    assert_string_equal(changed[2], "region");
    assert_string_equal(changed[3], "refs");
    assert_string_equal(changed[4], "email");
    assert_int_equal(after.facts.count, 3);
    assert_int_equal(before.facts.count, 2);
}

static void an_empty_value_removes_a_fact_and_another_status_is_news(void **state)
{
    struct file_state before = shop(), after;
    struct fact told[] = {fact_of("phone", ""), fact_of("name", "翠湖")};
    struct file_change change = {.facts = {told, 2}};

    (void)state;
    told[1].status = FILE_STATUS_VERIFIED;
    told[1].verified_on = 20000;
    assert_int_equal(apply(&before, &change, &after), 2);
    assert_int_equal(after.facts.count, 1);
    assert_int_equal(after.facts.list[0].status, FILE_STATUS_VERIFIED);
    assert_int_equal(file_score(&after).missing_count, 4);
}

static void a_name_told_by_an_order_is_no_fact_but_not_missing(void **state)
{
    const struct file_state file = {
        .party = FILE_PARTY_CUSTOMER, .nature = FILE_NATURE_ORGANISATION, .has_name = true};
    struct fields_score score = file_score(&file);

    (void)state;
    assert_int_equal(score.completeness_micros, 62500);
    assert_int_equal(score.missing_count, 4);
    assert_string_equal(score.missing[0], "address");
}

static void a_fact_must_fit_the_nature(void **state)
{
    struct file_state file = shop();

    (void)state;
    assert_null(file_find_misfit(&file));
    known[2] = fact_of("legal_representative", "李娜");
    file.facts.count = 3;
    assert_null(file_find_misfit(&file));
    file.nature = FILE_NATURE_PERSON;
    assert_string_equal(file_find_misfit(&file)->name, "legal_representative");
}

static void organisations_hang_in_no_circle_and_ten_deep(void **state)
{
    struct file_link links[FILE_MAX_DEPTH];
    struct file_chain above = {links, 0};
    const struct id self = {{1}};

    (void)state;
    for (uint8_t i = 0; i < FILE_MAX_DEPTH; i++)
        links[i] = (struct file_link){.id = {{0, i}}};
    assert_int_equal(file_hang(&self, &above, 10), FILE_HANGS_WELL);
    assert_int_equal(file_hang(&self, &above, 11), FILE_HANGS_TOO_DEEP);
    above.count = 9;
    assert_int_equal(file_hang(&self, &above, 1), FILE_HANGS_WELL);
    assert_int_equal(file_hang(&self, &above, 2), FILE_HANGS_TOO_DEEP);
    links[8].id = self;
    assert_int_equal(file_hang(&self, &above, 1), FILE_HANGS_IN_CIRCLE);
}

static void the_next_purchase_is_expected_a_mean_interval_after_the_last(void **state)
{
    struct purchases bought = {
        .first_day = day_make(2026, 1, 1), .last_day = day_make(2026, 1, 31), .order_days = 3};

    (void)state;
    assert_true(file_mean_interval(&bought) == 15.0);
    assert_int_equal(file_expected_next(&bought), day_make(2026, 2, 15));
    bought.order_days = 2;
    assert_true(file_mean_interval(&bought) == 30.0);
    assert_int_equal(file_expected_next(&bought), FILE_NO_DAY);
    bought.order_days = 1;
    assert_true(file_mean_interval(&bought) == 0.0);
}

static void the_twelve_months_end_today(void **state)
{
    (void)state;
    assert_int_equal(file_window_from(day_make(2026, 11, 21)), day_make(2025, 11, 22));
    assert_int_equal(file_window_from(day_make(2026, 12, 31)), day_make(2026, 1, 1));
    assert_int_equal(file_window_from(day_make(2028, 2, 28)), day_make(2027, 2, 28));
}

static void words_are_read_as_they_are_written(void **state)
{
    (void)state;
    for (int i = 1; i <= FILE_PARTY_COMPETITOR; i++) {
        const char *name = file_party_name((enum file_party)i);
        assert_int_equal(file_party_read((struct text){name, strlen(name)}), i);
    }
    assert_int_equal(file_party_read(TEXT_OF("anonymous")), FILE_PARTY_NONE);
    assert_int_equal(file_source_read(TEXT_OF("sales_data")), FILE_SOURCE_SALES_DATA);
    assert_int_equal(file_status_read(TEXT_OF("disputed")), FILE_STATUS_DISPUTED);
    assert_true(file_is_major_kind(TEXT_OF("executive_change")));
    assert_false(file_is_major_kind(TEXT_OF("party")));
}

static void a_review_is_due_after_3_6_or_12_months_by_grade(void **state)
{
    const struct grade_review_policy policy = grade_policy_standard_review();
    int32_t day = day_make(2026, 11, 30);

    (void)state;
    assert_int_equal(review_due(day, 'A', &policy), day_make(2027, 2, 28));
    assert_int_equal(review_due(day, 'B', &policy), day_make(2027, 5, 30));
    assert_int_equal(review_due(day, 'C', &policy), day_make(2027, 11, 30));
    assert_int_equal(review_due(day, ' ', &policy), day_make(2027, 11, 30));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_stays),
        cmocka_unit_test(what_changed_is_named_and_nothing_else),
        cmocka_unit_test(an_empty_value_removes_a_fact_and_another_status_is_news),
        cmocka_unit_test(a_name_told_by_an_order_is_no_fact_but_not_missing),
        cmocka_unit_test(a_fact_must_fit_the_nature),
        cmocka_unit_test(organisations_hang_in_no_circle_and_ten_deep),
        cmocka_unit_test(the_next_purchase_is_expected_a_mean_interval_after_the_last),
        cmocka_unit_test(the_twelve_months_end_today),
        cmocka_unit_test(words_are_read_as_they_are_written),
        cmocka_unit_test(a_review_is_due_after_3_6_or_12_months_by_grade),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
