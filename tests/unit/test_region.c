/* The region tree: codes, circles, depth, one grading level on each way to the top. */
#include "services/customers/domain/region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define REGION(code, parent, grading)                                                              \
    {                                                                                              \
        {code, sizeof(code) - 1}, {code, sizeof(code) - 1}, {parent, sizeof(parent) - 1}, grading  \
    }

/* china › sw › yn (grading) › km, a chain of six, and gz beside. */
static const struct region list[] = {
    REGION("a1", "", false),      REGION("a2", "a1", false), REGION("a3", "a2", false),
    REGION("a4", "a3", false),    REGION("a5", "a4", false), REGION("a6", "a5", false),
    REGION("china", "", false),   REGION("gz", "sw", false), REGION("km", "yn", false),
    REGION("sw", "china", false), REGION("yn", "sw", true),
};
static const struct region_tree tree = {list, COUNT_OF(list)};
static const struct region *other;

static enum region_refusal check(struct region region)
{
    other = NULL;
    return region_check(&tree, &region, &other);
}

static void a_code_has_small_letters_digits_dots_and_hyphens(void **state)
{
    (void)state;
    assert_true(region_is_code(TEXT_OF("yn-kunming.1")));
    assert_false(region_is_code(TEXT_OF("")));
    assert_false(region_is_code(TEXT_OF("YN")));
    assert_false(region_is_code(TEXT_OF("云南")));
    assert_true(region_is_code(TEXT_OF("aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbb")));
    assert_false(region_is_code(TEXT_OF("aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbc")));
}

static void a_parent_must_be_there(void **state)
{
    (void)state;
    assert_int_equal(check((struct region)REGION("new", "nowhere", false)), REGION_NO_PARENT);
    assert_int_equal(check((struct region)REGION("new", "sw", false)), REGION_FINE);
    assert_int_equal(check((struct region)REGION("new", "", true)), REGION_FINE);
}

static void nobody_stands_below_himself(void **state)
{
    (void)state;
    assert_int_equal(check((struct region)REGION("sw", "sw", false)), REGION_CIRCLE);
    assert_int_equal(check((struct region)REGION("new", "new", false)), REGION_CIRCLE);
    assert_int_equal(check((struct region)REGION("sw", "km", false)), REGION_CIRCLE);
}

static void there_are_at_most_six_levels(void **state)
{
    (void)state;
    assert_int_equal(check((struct region)REGION("a7", "a6", false)), REGION_TOO_DEEP);
    assert_int_equal(check((struct region)REGION("a7", "a5", false)), REGION_FINE);
    assert_int_equal(check((struct region)REGION("sw", "a4", false)), REGION_TOO_DEEP);
    assert_int_equal(check((struct region)REGION("sw", "a3", false)), REGION_FINE);
}

static void on_the_way_to_the_top_one_region_grades(void **state)
{
    (void)state;
    assert_int_equal(check((struct region)REGION("km", "yn", true)), REGION_GRADING_ABOVE);
    assert_string_equal(other->code.at, "yn");
    assert_int_equal(check((struct region)REGION("china", "", true)), REGION_GRADING_BELOW);
    assert_string_equal(other->code.at, "yn");
    assert_int_equal(check((struct region)REGION("gz", "sw", true)), REGION_FINE);
    assert_int_equal(check((struct region)REGION("yn", "sw", true)), REGION_FINE);
    assert_int_equal(check((struct region)REGION("a1", "yn", false)), REGION_TOO_DEEP);
    assert_int_equal(check((struct region)REGION("a6", "km", false)), REGION_FINE);
    assert_int_equal(check((struct region)REGION("a6", "km", true)), REGION_GRADING_ABOVE);
}

static void regions_are_found_by_code(void **state)
{
    (void)state;
    assert_string_equal(region_find(&tree, TEXT_OF("km"))->parent.at, "yn");
    assert_null(region_find(&tree, TEXT_OF("k")));
    assert_true(region_has_children(&tree, TEXT_OF("yn")));
    assert_false(region_has_children(&tree, TEXT_OF("km")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_has_small_letters_digits_dots_and_hyphens),
        cmocka_unit_test(a_parent_must_be_there),
        cmocka_unit_test(nobody_stands_below_himself),
        cmocka_unit_test(there_are_at_most_six_levels),
        cmocka_unit_test(on_the_way_to_the_top_one_region_grades),
        cmocka_unit_test(regions_are_found_by_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
