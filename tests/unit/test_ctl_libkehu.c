/* The pure parts of libkehu: urls, and the order in which a subject tries the addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "clients/libkehu/kehu_key.c"
#include "clients/libkehu/kehu_line.c"
#include "clients/libkehu/kehu_lines.c"
#include "clients/libkehu/kehu_resolver.c"

static struct kehu_lines three_lines(void)
{
    struct kehu_lines lines = {.count = 3};

    for (size_t i = 0; i < 3; i++) {
        snprintf(lines.lines[i].endpoint, KEHU_LINE_ENDPOINT_CHARS, "tcp://10.0.0.%zu:7410", i + 1);
        lines.lines[i].up = true;
    }
    return lines;
}

static bool url_is_good(const char *url)
{
    struct place place;

    return parse_url(url, strlen(url), &place);
}

static void only_tcp_urls_with_a_port_are_taken(void **state)
{
    (void)state;
    assert_true(url_is_good("tcp://127.0.0.1:7410"));
    assert_true(url_is_good("tcp://customers:7410"));
    assert_true(url_is_good("tcp://[::1]:7410"));
    assert_false(url_is_good("tcp://127.0.0.1"));
    assert_false(url_is_good("tcp://127.0.0.1:"));
    assert_false(url_is_good("tcp://127.0.0.1:0"));
    assert_false(url_is_good("tcp://127.0.0.1:70000"));
    assert_false(url_is_good("tcp://127.0.0.1:74a0"));
    assert_false(url_is_good("tcp://::1:7410"));
    assert_false(url_is_good("tcp://:7410"));
    assert_false(url_is_good("http://127.0.0.1:7410"));
    assert_false(url_is_good(""));
}

static void a_subject_always_goes_to_the_same_address(void **state)
{
    struct kehu_lines lines = three_lines();
    uint64_t rank, hash = kehu_lines_hash("customer-1");
    struct kehu_line *first = kehu_lines_pick(&lines, hash, UINT64_MAX, &rank);

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_ptr_equal(kehu_lines_pick(&lines, hash, UINT64_MAX, &rank), first);
}

static void repeats_go_round_all_addresses(void **state)
{
    struct kehu_lines lines = three_lines();
    uint64_t rank = UINT64_MAX, hash = kehu_lines_hash("customer-1");
    struct kehu_line *a = kehu_lines_pick(&lines, hash, rank, &rank);
    struct kehu_line *b = kehu_lines_pick(&lines, hash, rank, &rank);
    struct kehu_line *c = kehu_lines_pick(&lines, hash, rank, &rank);

    (void)state;
    assert_true(a != b && b != c && a != c);
    assert_ptr_equal(kehu_lines_pick(&lines, hash, rank, &rank), a);
}

static void losing_an_address_moves_only_its_own_subjects(void **state)
{
    struct kehu_lines lines = three_lines();

    (void)state;
    for (int i = 0; i < 300; i++) {
        char subject[32];
        uint64_t rank;

        snprintf(subject, sizeof(subject), "customer-%d", i);
        uint64_t hash = kehu_lines_hash(subject);
        struct kehu_line *before = kehu_lines_pick(&lines, hash, UINT64_MAX, &rank);

        lines.lines[1].up = false;
        struct kehu_line *after = kehu_lines_pick(&lines, hash, UINT64_MAX, &rank);

        lines.lines[1].up = true;
        assert_ptr_not_equal(after, &lines.lines[1]);
        if (before != &lines.lines[1])
            assert_ptr_equal(after, before);
    }
}

static void subjects_spread_over_all_addresses(void **state)
{
    struct kehu_lines lines = three_lines();
    int counts[3] = {0};

    (void)state;
    for (int i = 0; i < 3000; i++) {
        char subject[32];
        uint64_t rank;

        snprintf(subject, sizeof(subject), "customer-%d", i);
        counts[kehu_lines_pick(&lines, kehu_lines_hash(subject), UINT64_MAX, &rank) -
               lines.lines]++;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(counts[i], 800, 1200);
}

static void nothing_is_picked_when_nothing_is_up(void **state)
{
    struct kehu_lines lines = three_lines();
    uint64_t rank;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        lines.lines[i].up = false;
    assert_null(kehu_lines_pick(&lines, 1, UINT64_MAX, &rank));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_tcp_urls_with_a_port_are_taken),
        cmocka_unit_test(a_subject_always_goes_to_the_same_address),
        cmocka_unit_test(repeats_go_round_all_addresses),
        cmocka_unit_test(losing_an_address_moves_only_its_own_subjects),
        cmocka_unit_test(subjects_spread_over_all_addresses),
        cmocka_unit_test(nothing_is_picked_when_nothing_is_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
