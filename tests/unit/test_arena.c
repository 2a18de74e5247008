/*
 * The memory of one request: aligned, zeroed, limited.
 */
#include "common/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    uint8_t *before = NULL;

    (void)state;
    for (size_t bytes = 0; bytes < 200; bytes++) {
        uint8_t *piece = arena_take(arena, bytes);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % 16, 0);
        assert_ptr_not_equal(piece, before);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xee, bytes);
        before = piece;
    }
    assert_false(arena_is_full(arena));
    arena_free(arena);
}

static void past_the_limit_nothing_is_given_and_it_is_full(void **state)
{
    struct arena *arena = arena_new(10000);
    size_t taken = 0;

    (void)state;
    while (arena_take(arena, 100))
        taken += 100;
    assert_in_range(taken, 8000, 10000);
    assert_true(arena_is_full(arena));
    assert_in_range(arena_used_bytes(arena), taken, 10000);
    arena_free(arena);
}

static void near_the_limit_what_still_fits_is_given(void **state)
{
    struct arena *arena = arena_new(10000);

    (void)state;
    assert_non_null(arena_take(arena, 16));
    assert_non_null(arena_take(arena, 5000));
    assert_false(arena_is_full(arena));
    assert_null(arena_take(arena, 9000));
    assert_true(arena_is_full(arena));
    arena_free(arena);
}

static void a_large_piece_leaves_the_room_of_the_block_before_it(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    uint8_t *first = arena_take(arena, 16);

    (void)state;
    assert_non_null(arena_take(arena, 100000));
    assert_ptr_equal(arena_take(arena, 16), first + 16);
    arena_free(arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    assert_null(arena_take(arena, SIZE_MAX));
    assert_null(arena_take(arena, SIZE_MAX - 8));
    assert_null(arena_take_array(arena, SIZE_MAX / 2, 3));
    assert_true(arena_is_full(arena));
    arena_free(arena);
}

static void copies_are_terminated_and_of_their_own(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    char text[] = "客户 and more";
    char *copy = arena_copy_text(arena, text, 6);

    (void)state;
    text[0] = 'x';
    assert_string_equal(copy, "客户");
    assert_string_equal(arena_copy_text(arena, NULL, 0), "");
    assert_non_null(arena_copy(arena, NULL, 0));
    assert_string_equal(arena_print(arena, "%d %s", 7, "seven"), "7 seven");
    assert_string_equal(arena_print(arena, "%s", ""), "");
    arena_free(arena);
}

static void the_allocator_takes_and_never_frees(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    ProtobufCAllocator *allocator = arena_allocator(arena);
    char *piece = allocator->alloc(allocator->allocator_data, 10);

    (void)state;
    memset(piece, 'x', 10);
    allocator->free(allocator->allocator_data, piece);
    assert_ptr_not_equal(allocator->alloc(allocator->allocator_data, 10), piece);
    assert_int_equal(piece[9], 'x');
    arena_free(arena);
}

static void none_is_freed_harmlessly(void **state)
{
    (void)state;
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(past_the_limit_nothing_is_given_and_it_is_full),
        cmocka_unit_test(near_the_limit_what_still_fits_is_given),
        cmocka_unit_test(a_large_piece_leaves_the_room_of_the_block_before_it),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(copies_are_terminated_and_of_their_own),
        cmocka_unit_test(the_allocator_takes_and_never_frees),
        cmocka_unit_test(none_is_freed_harmlessly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
