/* The pure parts of the asker: urls, and the order in which a subject tries the addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/asker_key.c"
#include "common/asker_line.c"
#include "common/asker_lines.c"
#include "common/asker_resolver.c"

static struct asker_lines three_lines(void)
{
    struct asker_lines lines = {.count = 3};

    for (size_t i = 0; i < 3; i++) {
        snprintf(lines.lines[i].endpoint, ASKER_LINE_ENDPOINT_CHARS, "tcp://10.0.0.%zu:7410",
                 i + 1);
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
    struct asker_lines lines = three_lines();
    uint64_t rank, hash = asker_lines_hash("customer-1");
    struct asker_line *first = asker_lines_pick(&lines, hash, UINT64_MAX, &rank);

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_ptr_equal(asker_lines_pick(&lines, hash, UINT64_MAX, &rank), first);
}

static void repeats_go_round_all_addresses(void **state)
{
    struct asker_lines lines = three_lines();
    uint64_t rank = UINT64_MAX, hash = asker_lines_hash("customer-1");
    struct asker_line *a = asker_lines_pick(&lines, hash, rank, &rank);
    struct asker_line *b = asker_lines_pick(&lines, hash, rank, &rank);
    struct asker_line *c = asker_lines_pick(&lines, hash, rank, &rank);

    (void)state;
    assert_true(a != b && b != c && a != c);
    assert_ptr_equal(asker_lines_pick(&lines, hash, rank, &rank), a);
}

static void losing_an_address_moves_only_its_own_subjects(void **state)
{
    struct asker_lines lines = three_lines();

    (void)state;
    for (int i = 0; i < 300; i++) {
        char subject[32];
        uint64_t rank;

        snprintf(subject, sizeof(subject), "customer-%d", i);
        uint64_t hash = asker_lines_hash(subject);
        struct asker_line *before = asker_lines_pick(&lines, hash, UINT64_MAX, &rank);

        lines.lines[1].up = false;
        struct asker_line *after = asker_lines_pick(&lines, hash, UINT64_MAX, &rank);

        lines.lines[1].up = true;
        assert_ptr_not_equal(after, &lines.lines[1]);
        if (before != &lines.lines[1])
            assert_ptr_equal(after, before);
    }
}

static void subjects_spread_over_all_addresses(void **state)
{
    struct asker_lines lines = three_lines();
    int counts[3] = {0};

    (void)state;
    for (int i = 0; i < 3000; i++) {
        char subject[32];
        uint64_t rank;

        snprintf(subject, sizeof(subject), "customer-%d", i);
        counts[asker_lines_pick(&lines, asker_lines_hash(subject), UINT64_MAX, &rank) -
               lines.lines]++;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(counts[i], 800, 1200);
}

/* How long after a look-up that found those three the next one comes. */
static int64_t looks_again_after(struct asker_lines *lines)
{
    struct asker_resolved found = {.count = 3, .complete = true};

    for (size_t i = 0; i < 3; i++)
        memcpy(found.endpoints[i], lines->lines[i].endpoint, ASKER_LINE_ENDPOINT_CHARS);
    apply_resolved(lines, &found, 1000);
    return lines->resolve_at_ms - 1000;
}

static void names_are_looked_up_less_and_less_often_but_not_while_nobody_answers(void **state)
{
    struct asker_lines lines = three_lines();

    (void)state;
    lines.resolve_pause_ms = RESOLVE_MIN_MS;
    for (int i = 0; i < 5; i++)
        looks_again_after(&lines);
    assert_int_equal(looks_again_after(&lines), RESOLVE_MAX_MS);
    for (size_t i = 0; i < 3; i++)
        lines.lines[i].up = false;
    for (int i = 0; i < 5; i++)
        assert_int_equal(looks_again_after(&lines), RESOLVE_MIN_MS);
}

static void nothing_is_picked_when_nothing_is_up(void **state)
{
    struct asker_lines lines = three_lines();
    uint64_t rank;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        lines.lines[i].up = false;
    assert_null(asker_lines_pick(&lines, 1, UINT64_MAX, &rank));
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
        cmocka_unit_test(names_are_looked_up_less_and_less_often_but_not_while_nobody_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
