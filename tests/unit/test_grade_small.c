/* Small regions: within which region of the tree they are graded. */
#include "services/customers/domain/grade_small.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/customers/domain/grade_place.h"

enum { GD, LOOP, LOOP2, N, S, SW, XZ, YN, NODES };

static const struct grade_node nodes[NODES] = {
    [GD] = {TEXT_OF("gd"), TEXT_OF("s"), true},
    [LOOP] = {TEXT_OF("loop"), TEXT_OF("loop2"), true}, /* a tree that was broken */
    [LOOP2] = {TEXT_OF("loop2"), TEXT_OF("loop"), true},
    [N] = {TEXT_OF("n"), TEXT_OF(""), true},
    [S] = {TEXT_OF("s"), TEXT_OF(""), false},
    [SW] = {TEXT_OF("sw"), TEXT_OF("s"), false},
    [XZ] = {TEXT_OF("xz"), TEXT_OF("sw"), true},
    [YN] = {TEXT_OF("yn"), TEXT_OF("sw"), true},
};
static const struct grade_tree tree = {nodes, NODES};

static struct grade_within within[NODES];

static void place(const struct grade_own own[NODES])
{
    grade_small_place(&tree, own, 5, within);
}

#define assert_within(node, with_node, whole, net, count)                                          \
    do {                                                                                           \
        assert_int_equal(within[node].with, with_node);                                            \
        assert_int_equal(within[node].is_whole, whole);                                            \
        assert_int_equal(within[node].net_micros, net);                                            \
        assert_int_equal(within[node].customers, count);                                           \
    } while (0)

static void a_small_region_is_graded_with_all_of_its_parent(void **state)
{
    const struct grade_own own[NODES] = {[XZ] = {30, 4, true}, [YN] = {500, 5, true}};

    (void)state;
    place(own);
    assert_within(XZ, SW, false, 30, 4);
    assert_within(SW, SW, true, 530, 9);
    assert_within(YN, YN, false, 500, 5); /* large enough: it stays by itself */
    assert_within(S, S, false, 0, 0);
}

static void a_parent_that_is_small_too_goes_to_its_own_parent(void **state)
{
    const struct grade_own own[NODES] = {
        [XZ] = {30, 2, true}, [YN] = {50, 2, true}, [GD] = {700, 9, true}};

    (void)state;
    place(own);
    assert_within(XZ, S, false, 30, 2);
    assert_within(YN, S, false, 50, 2);
    assert_within(S, S, true, 780, 13);
    assert_within(SW, SW, false, 0, 0);
    assert_within(GD, GD, false, 700, 9);
}

static void exactly_so_many_are_not_few(void **state)
{
    const struct grade_own own[NODES] = {[XZ] = {30, 3, true}, [YN] = {50, 2, true}};

    (void)state;
    place(own);
    assert_within(XZ, SW, false, 30, 3);
    assert_within(SW, SW, true, 80, 5);
}

static void a_root_stays_however_small_it_is(void **state)
{
    const struct grade_own own[NODES] = {[N] = {30, 1, true}, [GD] = {5, 1, true}};

    (void)state;
    place(own);
    assert_within(N, N, true, 30, 1);
    assert_within(GD, S, false, 5, 1);
    assert_within(S, S, true, 5, 1);
}

static void a_region_that_others_go_to_is_compared_as_a_whole_itself(void **state)
{
    const struct grade_own own[NODES] = {[SW] = {70, 6, true}, [XZ] = {30, 1, true}};

    (void)state;
    place(own);
    assert_within(XZ, SW, false, 30, 1);
    assert_within(SW, SW, true, 100, 7);
}

static void a_small_region_with_others_below_it_stays_when_all_together_are_enough(void **state)
{
    const struct grade_own own[NODES] = {[SW] = {70, 2, true}, [YN] = {30, 8, true}};

    (void)state;
    place(own);
    assert_within(SW, SW, true, 100, 10);
    assert_within(YN, YN, false, 30, 8);
}

static void where_nobody_is_graded_nothing_moves(void **state)
{
    const struct grade_own own[NODES] = {[XZ] = {-30, 0, false}, [SW] = {70, 6, true}};

    (void)state;
    place(own);
    assert_within(XZ, XZ, false, -30, 0);
    assert_within(SW, SW, false, 70, 6);
}

static void a_circle_ends(void **state)
{
    const struct grade_own own[NODES] = {[LOOP] = {1, 1, true}};

    (void)state;
    grade_small_place(&tree, own, 1000000, within);
    assert_true(within[LOOP].with == LOOP || within[LOOP].with == LOOP2);
}

static void a_region_is_within_itself_and_all_above_it(void **state)
{
    (void)state;
    assert_true(grade_small_is_within(&tree, TEXT_OF("xz"), TEXT_OF("xz")));
    assert_true(grade_small_is_within(&tree, TEXT_OF("xz"), TEXT_OF("s")));
    assert_false(grade_small_is_within(&tree, TEXT_OF("xz"), TEXT_OF("yn")));
    assert_false(grade_small_is_within(&tree, TEXT_OF("s"), TEXT_OF("xz")));
    assert_false(grade_small_is_within(&tree, TEXT_OF("nowhere"), TEXT_OF("s")));
    assert_false(grade_small_is_within(&tree, TEXT_OF(""), TEXT_OF("s")));
}

static void those_who_pass_stand_before_the_next(void **state)
{
    struct grade_place at = {0};
    struct grade_figures figures = {.numerator_micros = 50};

    (void)state;
    grade_place_pass(&at, 2, 300);
    grade_place_next(&at, &figures);
    assert_int_equal(figures.rank, 3);
    assert_int_equal(figures.accumulated_before_micros, 300);
    grade_place_pass(&at, 0, 0);
    grade_place_next(&at, &figures); /* as much as the last: the same place */
    assert_int_equal(figures.rank, 3);
    grade_place_pass(&at, 1, 40);
    figures.numerator_micros = 10;
    grade_place_next(&at, &figures);
    assert_int_equal(figures.rank, 6);
    assert_int_equal(figures.accumulated_before_micros, 440);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_region_is_graded_with_all_of_its_parent),
        cmocka_unit_test(a_parent_that_is_small_too_goes_to_its_own_parent),
        cmocka_unit_test(exactly_so_many_are_not_few),
        cmocka_unit_test(a_root_stays_however_small_it_is),
        cmocka_unit_test(a_region_that_others_go_to_is_compared_as_a_whole_itself),
        cmocka_unit_test(a_small_region_with_others_below_it_stays_when_all_together_are_enough),
        cmocka_unit_test(where_nobody_is_graded_nothing_moves),
        cmocka_unit_test(a_circle_ends),
        cmocka_unit_test(a_region_is_within_itself_and_all_above_it),
        cmocka_unit_test(those_who_pass_stand_before_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
