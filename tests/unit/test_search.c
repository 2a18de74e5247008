/* Search: keys and grams of names, what is typed into the box, which path answers, what matched. */
#include "services/customers/domain/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct search_query query;
static struct search_grams grams;

static void read_query(const char *typed)
{
    search_read((struct text){typed, strlen(typed)}, &query);
    search_open_grams(&grams);
    search_query_grams(&query, &grams);
}

static bool has_gram(const char *gram)
{
    for (size_t i = 0; i < grams.count; i++)
        if (strcmp(grams.list[i].text, gram) == 0)
            return true;
    return false;
}

static void assert_key(const char *name, const char *expected)
{
    char key[200];

    assert_int_equal(search_make_key((struct text){name, strlen(name)}, key, sizeof(key)),
                     strlen(expected));
    assert_string_equal(key, expected);
}

static void a_key_is_small_half_width_letters_and_digits(void **state)
{
    (void)state;
    assert_key("昆明（翠湖）商贸 有限公司", "昆明翠湖商贸有限公司");
    assert_key("ＡＢＣ　Ltd. 88号", "abcltd88号");
    assert_key("卡米力·肉孜", "卡米力肉孜");
    assert_key("Café ÜBER Москва", "caféüberмосква");
    assert_key("100%_\\", "100");
    assert_key("——", "");
}

static void a_name_has_pairs_of_chinese_and_triples_of_latin(void **state)
{
    (void)state;
    search_open_grams(&grams);
    search_add_grams(&grams, TEXT_OF("翠湖abc8848"));
    static const char *const expected[] = {"翠湖", "abc", "bc8", "c88", "884", "848", "#4:8848"};

    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_true(has_gram(expected[i]));
    assert_int_equal(grams.count, COUNT_OF(expected));
    search_add_grams(&grams, TEXT_OF("abc"));
    assert_int_equal(grams.count, COUNT_OF(expected) + 2);
    assert_true(has_gram("^a") && has_gram("^ab"));
}

static void grams_beyond_the_room_are_left_out(void **state)
{
    char key[4 * SEARCH_MAX_GRAMS];

    (void)state;
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (char)('a' + (i * i / 7 + i / 3) % 26);
    search_open_grams(&grams);
    search_add_grams(&grams, (struct text){key, sizeof(key)});
    assert_in_range(grams.count, 100, SEARCH_MAX_GRAMS);
}

static void assert_word(size_t i, enum search_word_kind kind, const char *text)
{
    assert_true(i < query.word_count);
    assert_int_equal(query.words[i].kind, kind);
    assert_string_equal(query.words[i].text, text);
}

static void two_chinese_characters_are_enough(void **state)
{
    (void)state;
    read_query("翠湖");
    assert_false(query.is_ref);
    assert_word(0, SEARCH_WORD_PLAIN, "翠湖");
    assert_int_equal(grams.count, 1);
    assert_true(has_gram("翠湖"));
}

static void four_digits_are_the_end_of_a_telephone_or_in_a_name(void **state)
{
    (void)state;
    read_query("0001");
    assert_word(0, SEARCH_WORD_DIGITS, "0001");
    assert_true(has_gram("#4:0001"));
}

static void a_whole_telephone_is_looked_for_by_its_last_four(void **state)
{
    static const char *const phones[] = {"13900000001", "+86 139-0000-0001",
                                         "１３９０００００００１", "0871-65180001", "65180001"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(phones); i++) {
        read_query(phones[i]);
        assert_int_equal(query.word_count, 1);
        assert_word(0, SEARCH_WORD_PHONE, "0001");
        assert_true(has_gram("#4:0001"));
    }
    read_query("翠湖 13900000001");
    assert_word(0, SEARCH_WORD_PLAIN, "翠湖");
    assert_word(1, SEARCH_WORD_PHONE, "0001");
}

static void of_mixed_words_all_count(void **state)
{
    (void)state;
    read_query("  翠湖　0001 chsm");
    assert_int_equal(query.word_count, 3);
    assert_word(0, SEARCH_WORD_PLAIN, "翠湖");
    assert_word(1, SEARCH_WORD_DIGITS, "0001");
    assert_word(2, SEARCH_WORD_PLAIN, "chsm");
    assert_int_equal(grams.count, 4);
    assert_string_equal(query.whole, "翠湖0001chsm");
}

static void pinyin_spelt_out_is_one_word(void **state)
{
    (void)state;
    read_query("Cui Hu");
    assert_int_equal(query.word_count, 1);
    assert_word(0, SEARCH_WORD_PLAIN, "cuihu");
    read_query("Blue Sky");
    assert_int_equal(query.word_count, 2);
    read_query("wf");
    assert_word(0, SEARCH_WORD_BEGINS, "wf");
    assert_true(has_gram("^wf"));
}

static void numbers_ids_and_references_are_looked_up(void **state)
{
    (void)state;
    read_query("kh000123");
    assert_true(query.is_ref);
    assert_int_equal(query.ref.number, 123);
    read_query("01901234-0000-7000-8000-000000000001");
    assert_int_equal(query.ref.kind, CUSTOMER_REF_ID);
    read_query("uci:13085");
    assert_int_equal(query.ref.kind, CUSTOMER_REF_EXTERNAL);
    read_query("昆明:翠湖");
    assert_true(query.is_ref && query.word_count == 1);
}

/* Ten thousand customers may have all of them, or nobody: statistics of single grams do not tell.
 */
static void whoever_is_searched_by_grams_that_many_have_is_sampled(void **state)
{
    static const char word[] = "guiyangyuanlou";
    struct search_common common[sizeof(word) - 3] = {{{{0}}, 0}};
    const struct search_statistics statistics = {1000000, common, COUNT_OF(common)};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        memcpy(common[i].gram.text, word + i, 3);
        common[i].micros = 30000;
    }
    read_query("guiyang");
    assert_int_equal(search_choose(&statistics, &grams), SEARCH_SAMPLE);
    read_query(word);
    assert_int_equal(search_choose(&statistics, &grams), SEARCH_SAMPLE);
}

static void a_walk_in_order_needs_many_who_match(void **state)
{
    const struct search_common common[] = {{{"guiy"}, 30000}};
    const struct search_statistics statistics = {1000000, common, COUNT_OF(common)};
    const struct search_sample none = {SEARCH_SAMPLE_ROWS, 0};
    const struct search_sample hardly_any = {SEARCH_SAMPLE_ROWS, 1};
    const struct search_sample many = {SEARCH_SAMPLE_ROWS, SEARCH_SAMPLE_ROWS / 2};

    (void)state;
    search_open_grams(&grams);
    grams.list[grams.count++] = common[0].gram;
    assert_int_equal(search_choose_sampled(&statistics, &grams, &none), SEARCH_BY_GRAMS);
    assert_int_equal(search_choose_sampled(&statistics, &grams, &hardly_any), SEARCH_BY_GRAMS);
    assert_int_equal(search_choose_sampled(&statistics, &grams, &many), SEARCH_IN_ORDER);
}

static void signs_alone_are_nothing_to_look_for(void **state)
{
    (void)state;
    read_query(" ?? —— ");
    assert_false(query.is_ref);
    assert_int_equal(query.word_count, 0);
    assert_int_equal(grams.count, 0);
}

static void the_path_follows_how_common_the_rarest_grams_are(void **state)
{
    const struct search_common common[] = {{{"公司"}, 700000}, {{"有限"}, 700000}};
    const struct search_statistics statistics = {1000000, common, COUNT_OF(common)};

    (void)state;
    read_query("公司");
    assert_int_equal(search_choose(&statistics, &grams), SEARCH_IN_ORDER);
    read_query("翠湖 有限 公司");
    assert_int_equal(search_choose(&statistics, &grams), SEARCH_BY_GRAMS);
    assert_string_equal(grams.list[0].text, "翠湖");
    read_query("王");
    assert_int_equal(search_choose(&statistics, &grams), SEARCH_BEGINNING);
    read_query("翠湖商贸有限公司");
    assert_int_equal(search_choose(&statistics, &grams), SEARCH_BY_GRAMS);
    assert_int_equal(grams.count, 4);
    assert_false(has_gram("有限"));
}

static void assert_matched(struct search_match match, const char *expected)
{
    char text[SEARCH_MATCHED_BYTES];

    search_print_match(&query, &match, text);
    assert_string_equal(text, expected);
}

static void what_matched_is_told(void **state)
{
    (void)state;
    read_query("KH000001");
    assert_matched((struct search_match){SEARCH_RANK_REF, false, false, false}, "number");
    assert_matched((struct search_match){SEARCH_RANK_IN_NAME, true, true, true}, "name");
    assert_matched((struct search_match){SEARCH_RANK_PHONE, false, true, false}, "phone");
    assert_matched((struct search_match){SEARCH_RANK_PHONE, true, true, false}, "name, phone");
    assert_matched((struct search_match){SEARCH_RANK_INITIALS, false, false, true}, "initials");
    assert_matched((struct search_match){SEARCH_RANK_INSIDE, false, false, true}, "initials");
    assert_matched((struct search_match){SEARCH_RANK_INSIDE, true, true, false},
                   "name, phone, pinyin");
    assert_matched((struct search_match){SEARCH_RANK_FORMER, true, true, false},
                   "name, phone, formerly");
    assert_matched((struct search_match){SEARCH_RANK_FORMER, false, false, true},
                   "initials, formerly");
    assert_matched((struct search_match){SEARCH_RANK_FORMER, false, false, false},
                   "pinyin, formerly");
}

static void assert_exact(const char *typed, enum search_exact exact, const char *value)
{
    read_query(typed);
    assert_int_equal(query.exact, exact);
    if (exact)
        assert_string_equal(query.exact_value, value);
}

static void a_whole_telephone_or_address_is_looked_up_exactly(void **state)
{
    (void)state;
    assert_exact("138 0000 0001", SEARCH_EXACT_PHONE, "+8613800000001");
    assert_exact("+86-13800000001", SEARCH_EXACT_PHONE, "+8613800000001");
    assert_exact("（0871）6432 1234", SEARCH_EXACT_PHONE, "+8687164321234");
    assert_exact("0871-64321234转801", SEARCH_EXACT_PHONE, "+8687164321234");
    assert_exact("4008201234", SEARCH_EXACT_PHONE, "+864008201234");
    assert_exact("Zhang.Wei@Example.com", SEARCH_EXACT_EMAIL, "Zhang.Wei@example.com");
    assert_exact("0001", SEARCH_EXACT_NONE, "");
    assert_exact("64321234", SEARCH_EXACT_NONE, ""); /* without its area code it is not whole */
    assert_exact("95588", SEARCH_EXACT_NONE, "");
    assert_exact("翠湖 13800000001", SEARCH_EXACT_NONE, "");
    assert_exact("zhang.wei@", SEARCH_EXACT_NONE, "");
    assert_exact("KH000123", SEARCH_EXACT_NONE, "");
}

static void what_matched_exactly_is_told(void **state)
{
    struct search_match match = {.rank = SEARCH_RANK_EMAIL};
    char matched[SEARCH_MATCHED_BYTES];

    (void)state;
    read_query("zhang.wei@example.com");
    search_print_match(&query, &match, matched);
    assert_string_equal(matched, "email");
    match = (struct search_match){.rank = SEARCH_RANK_PHONE, .in_phone = true};
    search_print_match(&query, &match, matched);
    assert_string_equal(matched, "phone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_small_half_width_letters_and_digits),
        cmocka_unit_test(a_name_has_pairs_of_chinese_and_triples_of_latin),
        cmocka_unit_test(grams_beyond_the_room_are_left_out),
        cmocka_unit_test(two_chinese_characters_are_enough),
        cmocka_unit_test(four_digits_are_the_end_of_a_telephone_or_in_a_name),
        cmocka_unit_test(a_whole_telephone_is_looked_for_by_its_last_four),
        cmocka_unit_test(of_mixed_words_all_count),
        cmocka_unit_test(pinyin_spelt_out_is_one_word),
        cmocka_unit_test(numbers_ids_and_references_are_looked_up),
        cmocka_unit_test(whoever_is_searched_by_grams_that_many_have_is_sampled),
        cmocka_unit_test(a_walk_in_order_needs_many_who_match),
        cmocka_unit_test(signs_alone_are_nothing_to_look_for),
        cmocka_unit_test(the_path_follows_how_common_the_rarest_grams_are),
        cmocka_unit_test(what_matched_is_told),
        cmocka_unit_test(a_whole_telephone_or_address_is_looked_up_exactly),
        cmocka_unit_test(what_matched_exactly_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
