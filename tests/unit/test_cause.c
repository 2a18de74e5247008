/* The tree of causes: what is sound, what stays, what a case may be given. */
#include "services/complaints/domain/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define C(code_, parent_)                                                                          \
    {                                                                                              \
        .code = {code_, sizeof(code_) - 1}, .parent = {parent_, sizeof(parent_) - 1}, .zh = {      \
            "因",                                                                                  \
            3                                                                                      \
        }                                                                                          \
    }

static void the_built_in_tree_is_sound(void **state)
{
    struct cause_tree tree = cause_standard();
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    assert_int_equal(cause_tree_check(&tree, faults), 0);
    assert_true(cause_is_within(&tree, TEXT_OF("delivery.late"), TEXT_OF("delivery")));
    assert_false(cause_is_within(&tree, TEXT_OF("delivery.late"), TEXT_OF("product")));
    assert_int_equal(cause_label(cause_find(&tree, TEXT_OF("delivery.late")), TELLING_IS_ZH).bytes,
                     strlen("配送延误"));
}

static void a_parent_must_be_there(void **state)
{
    const struct cause list[] = {C("a", ""), C("b", "nowhere")};
    struct cause_tree tree = {list, 2};
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    assert_int_equal(cause_tree_check(&tree, faults), 1);
    assert_int_equal(faults[0].place, 1);
    assert_string_equal(faults[0].field, "parent");
}

static void a_circle_is_refused_for_each_of_its_codes(void **state)
{
    const struct cause list[] = {C("a", "c"), C("b", "a"), C("c", "b"), C("d", "d")};
    struct cause_tree tree = {list, 4};
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    assert_int_equal(cause_tree_check(&tree, faults), 4);
    assert_non_null(strstr(faults[0].why, "circle"));
}

static void six_levels_are_allowed_and_a_seventh_is_not(void **state)
{
    const struct cause list[] = {C("a", ""),  C("b", "a"), C("c", "b"), C("d", "c"),
                                 C("e", "d"), C("f", "e"), C("g", "f")};
    struct cause_tree six = {list, 6}, seven = {list, 7};
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    assert_int_equal(cause_tree_check(&six, faults), 0);
    assert_int_equal(cause_tree_check(&seven, faults), 1);
    assert_int_equal(faults[0].place, 6);
}

static void a_code_stands_once_and_is_a_code_with_a_name(void **state)
{
    const struct cause list[] = {
        C("a", ""), C("a", ""), C("Bad Code", ""), {.code = {"x", 1}, .parent = {"", 0}}};
    struct cause_tree tree = {list, 4};
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    assert_int_equal(cause_tree_check(&tree, faults), 3);
    assert_string_equal(faults[0].why, "stands twice");
    assert_int_equal(faults[1].place, 2);
    assert_string_equal(faults[2].field, "zh");
}

static void what_is_in_use_does_not_stand_below_what_is_retired(void **state)
{
    struct cause list[] = {C("a", ""), C("b", "a")};
    struct cause_tree tree = {list, 2};
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    list[0].is_retired = true;
    assert_int_equal(cause_tree_check(&tree, faults), 1);
    list[1].is_retired = true;
    assert_int_equal(cause_tree_check(&tree, faults), 0);
}

static void a_code_that_was_given_stays(void **state)
{
    const struct cause list[] = {C("a", ""), C("b", ""), C("c", "")};
    struct cause_tree present = {list, 2}, next = {list + 1, 2};
    struct cause_fault faults[CAUSE_FAULTS];

    (void)state;
    assert_int_equal(cause_tree_compare(&present, &next, faults), 1);
    assert_memory_equal(faults[0].code.at, "a", 1);
    next = (struct cause_tree){list, 3};
    assert_int_equal(cause_tree_compare(&present, &next, faults), 0);
}

static void a_retired_code_is_given_to_no_further_case_but_kept_by_those_that_have_it(void **state)
{
    struct cause list[] = {C("a", ""), C("b", "")};
    struct cause_tree tree = {list, 2};

    (void)state;
    list[0].is_retired = true;
    assert_int_equal(cause_check(&tree, TEXT_OF("a"), TEXT_OF("")), CAUSE_WAS_RETIRED);
    assert_int_equal(cause_check(&tree, TEXT_OF("a"), TEXT_OF("b")), CAUSE_WAS_RETIRED);
    assert_int_equal(cause_check(&tree, TEXT_OF("a"), TEXT_OF("a")), CAUSE_FINE);
    assert_int_equal(cause_check(&tree, TEXT_OF("b"), TEXT_OF("")), CAUSE_FINE);
    assert_int_equal(cause_check(&tree, TEXT_OF("z"), TEXT_OF("")), CAUSE_IS_UNKNOWN);
    assert_string_not_equal(cause_flaw_text(CAUSE_WAS_RETIRED, TELLING_IS_EN), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_tree_is_sound),
        cmocka_unit_test(a_parent_must_be_there),
        cmocka_unit_test(a_circle_is_refused_for_each_of_its_codes),
        cmocka_unit_test(six_levels_are_allowed_and_a_seventh_is_not),
        cmocka_unit_test(a_code_stands_once_and_is_a_code_with_a_name),
        cmocka_unit_test(what_is_in_use_does_not_stand_below_what_is_retired),
        cmocka_unit_test(a_code_that_was_given_stays),
        cmocka_unit_test(a_retired_code_is_given_to_no_further_case_but_kept_by_those_that_have_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
