/* Where customers belong, and their place among those of their region. */
#include "services/customers/domain/grade_home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/customers/domain/grade_place.h"

static const struct grade_node nodes[] = {
    {TEXT_OF("a"), TEXT_OF("b"), false}, /* a and b name each other: a tree that was broken */
    {TEXT_OF("b"), TEXT_OF("a"), false},
    {TEXT_OF("km"), TEXT_OF("yn"), false}, /* 昆明 in 云南, which is graded, in 西南 */
    {TEXT_OF("xn"), TEXT_OF(""), false},
    {TEXT_OF("yn"), TEXT_OF("xn"), true},
};
static const struct grade_tree tree = {nodes, COUNT_OF(nodes)};

static void assert_region(const char *code, const char *expected)
{
    struct text region = grade_home_region(&tree, (struct text){code, strlen(code)});

    assert_int_equal(region.bytes, strlen(expected));
    assert_memory_equal(region.at, expected, region.bytes);
}

static void a_region_is_graded_with_its_nearest_grading_ancestor(void **state)
{
    (void)state;
    assert_region("km", "yn");
    assert_region("yn", "yn");
}

static void a_region_without_grading_ancestor_is_graded_by_itself(void **state)
{
    (void)state;
    assert_region("xn", "xn");
    assert_region("nowhere", "nowhere");
    assert_region("a", "a");
}

static void purchases_of_one_region_are_added_up(void **state)
{
    struct grade_purchase list[3];
    size_t count = 0;

    (void)state;
    count = grade_home_add(list, count, &(struct grade_purchase){TEXT_OF("yn"), 5, 20});
    count = grade_home_add(list, count, &(struct grade_purchase){TEXT_OF("gz"), 7, 10});
    count = grade_home_add(list, count, &(struct grade_purchase){TEXT_OF("yn"), 4, 10});
    assert_int_equal(count, 2);
    assert_int_equal(grade_home_find(list, count, TEXT_OF("yn"))->net_micros, 9);
    assert_int_equal(grade_home_find(list, count, TEXT_OF("yn"))->last_day, 20);
    assert_null(grade_home_find(list, count, TEXT_OF("xn")));
}

static void a_customer_belongs_where_its_net_is_largest_then_where_it_ordered_last(void **state)
{
    const struct grade_purchase list[] = {
        {TEXT_OF("gz"), 7, 30}, {TEXT_OF("yn"), 9, 10}, {TEXT_OF("sc"), 9, 20}};
    const struct grade_purchase equal[] = {{TEXT_OF("yn"), -9, 10}, {TEXT_OF("gz"), -9, 10}};

    (void)state;
    assert_ptr_equal(grade_home_largest(list, 3), &list[2]);
    assert_ptr_equal(grade_home_largest(list, 2), &list[1]);
    assert_ptr_equal(grade_home_largest(equal, 2), &equal[1]);
    assert_null(grade_home_largest(list, 0));
}

static void places_one_by_one_equal_those_of_the_whole_region(void **state)
{
    static const int64_t nets[] = {90, 50, 50, 50, 20, 0, 0, -5, -5, -30};
    struct grade_figures whole[COUNT_OF(nets)] = {{0}};
    struct grade_place place = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(nets); i++)
        whole[i].numerator_micros = nets[i];
    grade_rank(whole, COUNT_OF(nets));
    for (size_t i = 0; i < COUNT_OF(nets); i++) {
        struct grade_figures one = {.numerator_micros = nets[i]};

        grade_place_next(&place, &one);
        assert_int_equal(one.rank, whole[i].rank);
        assert_int_equal(one.accumulated_before_micros, whole[i].accumulated_before_micros);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_is_graded_with_its_nearest_grading_ancestor),
        cmocka_unit_test(a_region_without_grading_ancestor_is_graded_by_itself),
        cmocka_unit_test(purchases_of_one_region_are_added_up),
        cmocka_unit_test(a_customer_belongs_where_its_net_is_largest_then_where_it_ordered_last),
        cmocka_unit_test(places_one_by_one_equal_those_of_the_whole_region),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
