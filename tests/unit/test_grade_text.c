/* The sentence that explains a grade, in both languages, case by case. */
#include "services/customers/domain/grade_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"

#define UNIT INT64_C(1000000)

/* Purchases of 190,000 in 云南 of 960,000, by the policy of the built-in kind as version 3. */
struct told {
    struct grade_policy policy;
    struct grade_explanation what;
};

static void begin(struct told *told, int64_t net, int64_t total, bool is_long_term)
{
    told->policy = grade_policy_standard();
    told->what = (struct grade_explanation){
        .figures = {net * UNIT, total * UNIT, is_long_term, false, 0, 0},
        .policy = &told->policy,
        .policy_version = 3,
        .region = TEXT_OF("云南"),
        .currency = "CNY",
        .override_until = INT32_MIN,
        .decide_by = INT32_MIN,
    };
}

static void grade_it(struct told *told)
{
    told->what.verdict = grade_of(&told->what.figures, &told->policy);
    if (told->what.grade == GRADE_NONE)
        told->what.grade = told->what.verdict.grade;
}

static void expect(struct told *told, const char *zh, const char *en)
{
    char text[GRADE_TEXT_BYTES];

    grade_it(told);
    assert_int_equal(grade_text_explain(&told->what, GRADE_LANGUAGE_IS_ZH, text, sizeof(text)),
                     strlen(zh));
    assert_string_equal(text, zh);
    grade_text_explain(&told->what, GRADE_LANGUAGE_IS_EN, text, sizeof(text));
    assert_string_equal(text, en);
}

static void a_b_below_a_reads_as_the_rules_say(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 190000, 960000, true);
    expect(&told,
           "B级:近12个月购买19.0万元,占云南区域销售额96.0万元的19.79%,低于A级20%的标准(政策v3)",
           "Grade B: purchases of ¥190,000.00 in the last 12 months are 19.79% of the sales of the "
           "region 云南, ¥960,000.00, below the 20% of grade A (policy v3)");
}

static void an_a_says_that_it_is_long_term(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 240000, 960000, true);
    expect(&told,
           "A级:近12个月购买24.0万元,占云南区域销售额96.0万元的25.00%,达到A级20%的标准,"
           "且首次购买已满12个月(政策v3)",
           "Grade A: purchases of ¥240,000.00 in the last 12 months are 25.00% of the sales of the "
           "region 云南, ¥960,000.00, reaching the 20% of grade A, and the first purchase was at "
           "least 12 months before (policy v3)");
}

static void a_b_that_is_not_long_term_says_so(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 300, 1000, false);
    told.policy.long_term_days = 180;
    expect(&told,
           "B级:近12个月购买¥300.00,占云南区域销售额¥1,000.00的30.00%,达到A级20%的标准,"
           "但首次购买未满180天,不是长期客户(政策v3)",
           "Grade B: purchases of ¥300.00 in the last 12 months are 30.00% of the sales of the "
           "region 云南, ¥1,000.00, reaching the 20% of grade A, but the first purchase was not "
           "yet 180 days before, so not long-term (policy v3)");
}

static void a_c_is_below_b(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 19000, 960000, true);
    told.what.currency = "GBP";
    told.what.region = TEXT_OF("EIRE");
    expect(&told,
           "C级:近12个月购买GBP 19,000.00,占EIRE区域销售额GBP 960,000.00的1.98%,"
           "低于B级10%的标准(政策v3)",
           "Grade C: purchases of GBP 19,000.00 in the last 12 months are 1.98% of the sales of "
           "the region EIRE, GBP 960,000.00, below the 10% of grade B (policy v3)");
}

static void a_region_without_positive_sales_has_no_share(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 500, -12000, true);
    expect(&told, "C级:近12个月购买¥500.00,云南区域销售额-1.2万元,不是正数,不计算占比(政策v3)",
           "Grade C: purchases of ¥500.00 in the last 12 months, the sales of the region 云南 are "
           "-¥12,000.00, not positive, so there is no share (policy v3)");
}

static void a_share_over_100_percent_says_why(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 1200, 1000, true);
    expect(&told,
           "A级:近12个月购买¥1,200.00,占云南区域销售额¥1,000.00的120.00%"
           "(超过100%,因其他客户的退货多于购买),达到A级20%的标准,且首次购买已满12个月(政策v3)",
           "Grade A: purchases of ¥1,200.00 in the last 12 months are 120.00% of the sales of the "
           "region 云南, ¥1,000.00 (over 100%, as the returns of others outweigh their "
           "purchases), reaching the 20% of grade A, and the first purchase was at least 12 months "
           "before (policy v3)");
}

static void a_grade_set_by_hand_says_until_when_and_why(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 190000, 960000, true);
    told.what.grade = GRADE_A;
    told.what.is_overridden = true;
    told.what.override_reason = TEXT_OF("战略合作");
    told.what.override_until = day_make(2026, 9, 30);
    expect(&told,
           "A级(人工设定至2026年9月30日,原因:战略合作);按计算为B级:近12个月购买19.0万元,"
           "占云南区域销售额96.0万元的19.79%,低于A级20%的标准(政策v3)",
           "Grade A (set by hand until 2026-09-30, reason: 战略合作); calculated: grade B: "
           "purchases of ¥190,000.00 in the last 12 months are 19.79% of the sales of the region "
           "云南, ¥960,000.00, below the 20% of grade A (policy v3)");
}

static void a_held_demotion_says_until_when_the_manager_may_decide(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 190000, 960000, true);
    told.what.grade = GRADE_A;
    told.what.is_held = true;
    told.what.decide_by = day_make(2026, 10, 22);
    expect(&told,
           "A级(降级待经理确认,最迟2026年10月22日);按计算为B级:近12个月购买19.0万元,"
           "占云南区域销售额96.0万元的19.79%,低于A级20%的标准(政策v3)",
           "Grade A (the demotion waits for the manager, until 2026-10-22); calculated: grade B: "
           "purchases of ¥190,000.00 in the last 12 months are 19.79% of the sales of the region "
           "云南, ¥960,000.00, below the 20% of grade A (policy v3)");
}

static void a_demotion_that_was_only_counted_is_said(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 50, 1000, true);
    told.what.grade = GRADE_B;
    told.what.runs_below = 1;
    expect(&told,
           "B级(连续1次低于标准,暂不降级);按计算为C级:近12个月购买¥50.00,"
           "占云南区域销售额¥1,000.00的5.00%,低于B级10%的标准(政策v3)",
           "Grade B (1 run below, not demoted yet); calculated: grade C: purchases of ¥50.00 in "
           "the last 12 months are 5.00% of the sales of the region 云南, ¥1,000.00, below the 10% "
           "of grade B (policy v3)");
}

static void the_unknown_region_has_a_name_in_both_languages(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 300, 1000, true);
    told.what.region = TEXT_OF("");
    told.what.figures.is_unknown_region = true;
    told.policy.unknown_region_gives_no_a_b = true;
    expect(&told,
           "C级:近12个月购买¥300.00,占未知区域销售额¥1,000.00的30.00%,"
           "区域未知不评A、B级(政策v3)",
           "Grade C: purchases of ¥300.00 in the last 12 months are 30.00% of the sales of the "
           "unknown region, ¥1,000.00, an unknown region gives no A or B (policy v3)");
}

static void by_accumulated_sales_the_customers_before_it_decide(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 100, 1000, true);
    told.policy.method = GRADE_METHOD_IS_CUMULATIVE;
    told.what.figures.rank = 4;
    told.what.figures.accumulated_before_micros = 799999999;
    expect(&told,
           "A级:近12个月购买¥100.00,占云南区域销售额¥1,000.00的10.00%,"
           "排在前面的客户累计占79.99%,未满A级的80%(政策v3)",
           "Grade A: purchases of ¥100.00 in the last 12 months are 10.00% of the sales of the "
           "region 云南, ¥1,000.00, the customers before it make 79.99%, less than the 80% of "
           "grade A (policy v3)");
    told.what.figures.accumulated_before_micros = 900 * UNIT;
    told.what.grade = GRADE_NONE;
    expect(&told,
           "B级:近12个月购买¥100.00,占云南区域销售额¥1,000.00的10.00%,"
           "排在前面的客户累计占90.00%,已满A级的80%,未满B级的95%(政策v3)",
           "Grade B: purchases of ¥100.00 in the last 12 months are 10.00% of the sales of the "
           "region 云南, ¥1,000.00, the customers before it make 90.00%, at least the 80% of "
           "grade A, less than the 95% of grade B (policy v3)");
    told.what.figures.accumulated_before_micros = 960 * UNIT;
    told.what.grade = GRADE_NONE;
    expect(&told,
           "C级:近12个月购买¥100.00,占云南区域销售额¥1,000.00的10.00%,"
           "排在前面的客户累计占96.00%,已满B级的95%(政策v3)",
           "Grade C: purchases of ¥100.00 in the last 12 months are 10.00% of the sales of the "
           "region 云南, ¥1,000.00, the customers before it make 96.00%, at least the 95% of "
           "grade B (policy v3)");
}

static void by_rank_the_place_in_the_region_decides(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 100, 1000, true);
    told.policy.method = GRADE_METHOD_IS_RANK;
    told.what.figures.rank = 3;
    expect(&told,
           "A级:近12个月购买¥100.00,占云南区域销售额¥1,000.00的10.00%,在区域内排第3名,"
           "在A级的前5名之内(政策v3)",
           "Grade A: purchases of ¥100.00 in the last 12 months are 10.00% of the sales of the "
           "region 云南, ¥1,000.00, number 3 in the region, among the first 5 of grade A "
           "(policy v3)");
    told.what.figures.rank = 8;
    told.what.grade = GRADE_NONE;
    expect(&told,
           "B级:近12个月购买¥100.00,占云南区域销售额¥1,000.00的10.00%,在区域内排第8名,"
           "在A级的5名之后、B级的20名之内(政策v3)",
           "Grade B: purchases of ¥100.00 in the last 12 months are 10.00% of the sales of the "
           "region 云南, ¥1,000.00, number 8 in the region, after the 5 of grade A, among the 20 "
           "of grade B (policy v3)");
    told.what.figures.rank = 26;
    told.what.grade = GRADE_NONE;
    expect(&told,
           "C级:近12个月购买¥100.00,占云南区域销售额¥1,000.00的10.00%,在区域内排第26名,"
           "在A级的5名和B级的20名之后(政策v3)",
           "Grade C: purchases of ¥100.00 in the last 12 months are 10.00% of the sales of the "
           "region 云南, ¥1,000.00, number 26 in the region, after the 5 of grade A and the 20 "
           "of grade B (policy v3)");
}

static void by_order_nothing_bought_means_no_place(void **state)
{
    struct told told;

    (void)state;
    begin(&told, 0, 1000, true);
    told.policy.method = GRADE_METHOD_IS_RANK;
    told.what.figures.rank = 3;
    expect(&told,
           "C级:近12个月购买¥0.00,占云南区域销售额¥1,000.00的0.00%,"
           "没有净购买额,不评A、B级(政策v3)",
           "Grade C: purchases of ¥0.00 in the last 12 months are 0.00% of the sales of the region "
           "云南, ¥1,000.00, without net purchases there is no A or B (policy v3)");
}

static void share(int64_t net, int64_t total, int64_t threshold, const char *expected)
{
    const struct grade_figures figures = {.numerator_micros = net, .denominator_micros = total};
    char text[GRADE_TEXT_SHARE_BYTES];

    grade_text_share(&figures, threshold, text);
    assert_string_equal(text, expected);
}

static void a_share_is_never_rounded_up_to_the_threshold_it_misses(void **state)
{
    (void)state;
    share(19999, 100000, 200000, "19.99%"); /* 19.999 % */
    share(19999, 100000, 0, "20.00%");
    share(199999, 1000000, 200000, "19.99%");
    share(20000, 100000, 200000, "20.00%");
    share(19996, 100000, 100000, "20.00%"); /* another threshold, long reached */
    share(199949, 1000000, 199950, "19.99%");
    share(9999, 100000, 100000, "9.99%");
    share(9995, 100000, 100000, "9.99%");
    share(9994, 100000, 100000, "9.99%");
}

static void shares_are_rounded_half_away_from_zero(void **state)
{
    (void)state;
    share(190000, 960000, 200000, "19.79%");
    share(5, 100000, 100000, "0.01%");
    share(-5, 100000, 100000, "-0.01%");
    share(-4, 100000, 100000, "0.00%");
    share(0, 1, 100000, "0.00%");
    share(-3, 2, 100000, "-150.00%");
    share(INT64_MAX, 1, 200000, "922337203685477580700.00%");
}

static void amount(int64_t micros, const char *currency, const char *zh, const char *en)
{
    char text[GRADE_TEXT_AMOUNT_BYTES];

    grade_text_amount(micros, currency, GRADE_LANGUAGE_IS_ZH, text);
    assert_string_equal(text, zh);
    grade_text_amount(micros, currency, GRADE_LANGUAGE_IS_EN, text);
    assert_string_equal(text, en);
}

static void amounts_are_written_as_people_read_them(void **state)
{
    (void)state;
    amount(1234500000, "CNY", "¥1,234.50", "¥1,234.50");
    amount(0, "CNY", "¥0.00", "¥0.00");
    amount(9999990000, "CNY", "¥9,999.99", "¥9,999.99");
    amount(10000000000, "CNY", "1.0万元", "¥10,000.00");
    amount(190000000000, "CNY", "19.0万元", "¥190,000.00");
    amount(10499999999, "CNY", "1.0万元", "¥10,500.00");
    amount(10500000000, "CNY", "1.1万元", "¥10,500.00");
    amount(-10500000000, "CNY", "-1.1万元", "-¥10,500.00");
    amount(-5000, "CNY", "-¥0.01", "-¥0.01");
    amount(-4999, "CNY", "¥0.00", "¥0.00");
    amount(12345678900000000, "CNY", "1,234,567.9万元", "¥12,345,678,900.00");
    amount(19000000000, "GBP", "GBP 19,000.00", "GBP 19,000.00");
    amount(-19000005000, "GBP", "GBP -19,000.01", "GBP -19,000.01");
    amount(INT64_MIN, "GBP", "GBP -9,223,372,036,854.78", "GBP -9,223,372,036,854.78");
    amount(INT64_MAX, "CNY", "922,337,203.7万元", "¥9,223,372,036,854.78");
}

static void a_sentence_without_room_is_cut_between_two_characters(void **state)
{
    struct told told;
    char whole[GRADE_TEXT_BYTES], text[GRADE_TEXT_BYTES];

    (void)state;
    begin(&told, 190000, 960000, true);
    grade_it(&told);
    size_t length = grade_text_explain(&told.what, GRADE_LANGUAGE_IS_ZH, whole, sizeof(whole));

    for (size_t room = 1; room <= length; room++) {
        size_t bytes = grade_text_explain(&told.what, GRADE_LANGUAGE_IS_ZH, text, room);

        assert_true(bytes < room);
        assert_true(bytes + 3 >= room);
        assert_int_equal(strlen(text), bytes);
        assert_memory_equal(text, whole, bytes);
        assert_true((whole[bytes] & 0xc0) != 0x80);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_b_below_a_reads_as_the_rules_say),
        cmocka_unit_test(an_a_says_that_it_is_long_term),
        cmocka_unit_test(a_b_that_is_not_long_term_says_so),
        cmocka_unit_test(a_c_is_below_b),
        cmocka_unit_test(a_region_without_positive_sales_has_no_share),
        cmocka_unit_test(a_share_over_100_percent_says_why),
        cmocka_unit_test(a_grade_set_by_hand_says_until_when_and_why),
        cmocka_unit_test(a_held_demotion_says_until_when_the_manager_may_decide),
        cmocka_unit_test(a_demotion_that_was_only_counted_is_said),
        cmocka_unit_test(the_unknown_region_has_a_name_in_both_languages),
        cmocka_unit_test(by_accumulated_sales_the_customers_before_it_decide),
        cmocka_unit_test(by_rank_the_place_in_the_region_decides),
        cmocka_unit_test(by_order_nothing_bought_means_no_place),
        cmocka_unit_test(a_share_is_never_rounded_up_to_the_threshold_it_misses),
        cmocka_unit_test(shares_are_rounded_half_away_from_zero),
        cmocka_unit_test(amounts_are_written_as_people_read_them),
        cmocka_unit_test(a_sentence_without_room_is_cut_between_two_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
