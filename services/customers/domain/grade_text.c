/*
 * The sentence: grade in force (and why it is not the calculated one), purchases, region, the
 * comparison that decided, policy version. Both languages say the same in their own order, so each
 * part has its two forms side by side.
 */
#include "services/customers/domain/grade_text.h"

#include "services/customers/domain/grade_text_value.h"

/* One sentence while it is being written. */
struct telling {
    struct grade_writer writer;
    const struct grade_explanation *what;
    enum grade_language language;
};

/* The words of whichever language is being written. */
static void say(struct telling *t, const char *zh, const char *en)
{
    grade_text_value_say(&t->writer, t->language == GRADE_LANGUAGE_IS_ZH ? zh : en);
}

static void say_grade(struct telling *t, enum grade grade)
{
    char letter[2] = {grade_letter(grade), '\0'};

    say(t, "", "grade ");
    grade_text_value_say(&t->writer, letter);
    say(t, "级", "");
}

static void say_count(struct telling *t, uint32_t count)
{
    grade_text_value_count(&t->writer, count);
}

static void say_amount(struct telling *t, int64_t micros)
{
    grade_text_value_amount(&t->writer, micros, t->what->currency, t->language);
}

static void say_day(struct telling *t, int32_t day)
{
    grade_text_value_day(&t->writer, day, t->language);
}

static void say_region(struct telling *t)
{
    bool is_unknown = t->what->region.bytes == 0;

    if (is_unknown) {
        say(t, "未知区域", "the unknown region");
        return;
    }
    say(t, "", "the region ");
    grade_text_value_add(&t->writer, t->what->region);
    say(t, "区域", "");
    if (t->what->verdict.flags & GRADE_FLAG_GRADED_WITH_PARENT)
        say(t, "(小区域并入上级区域)", " (a small region is graded with its parent)");
}

static void say_override(struct telling *t)
{
    say(t, "(人工设定", " (set by hand");
    if (t->what->override_until != INT32_MIN) {
        say(t, "至", " until ");
        say_day(t, t->what->override_until);
    }
    if (t->what->override_reason.bytes > 0) {
        say(t, ",原因:", ", reason: ");
        grade_text_value_add(&t->writer, t->what->override_reason);
    }
    say(t, ")", ")");
}

static void say_held(struct telling *t)
{
    say(t, "(降级待经理确认", " (the demotion waits for the manager");
    if (t->what->decide_by != INT32_MIN) {
        say(t, ",最迟", ", until ");
        say_day(t, t->what->decide_by);
    }
    say(t, ")", ")");
}

/* Neither by hand nor held: a grade that was better before and has not fallen yet. */
static void say_not_yet(struct telling *t)
{
    if (t->what->runs_below == 0) {
        say(t, "(暂不降级)", " (not demoted)");
        return;
    }
    say(t, "(连续", " (");
    say_count(t, t->what->runs_below);
    say(t, "次低于标准,暂不降级)",
        t->what->runs_below == 1 ? " run below, not demoted yet)"
                                 : " runs below, not demoted yet)");
}

/* "A级(…);按计算为B级:" or just "B级:". */
static void say_beginning(struct telling *t)
{
    const struct grade_explanation *what = t->what;

    say(t, "", "Grade ");
    grade_text_value_say(&t->writer, (char[]){grade_letter(what->grade), '\0'});
    say(t, "级", "");
    if (what->is_overridden)
        say_override(t);
    else if (what->is_held)
        say_held(t);
    else if (what->grade != what->verdict.grade)
        say_not_yet(t);
    if (what->is_overridden || what->is_held || what->grade != what->verdict.grade) {
        say(t, ";按计算为", "; calculated: ");
        say_grade(t, what->verdict.grade);
    }
    say(t, ":", ": ");
}

/* The threshold that the calculated grade misses; 0: none. */
static int64_t missed_threshold(const struct grade_explanation *what)
{
    if (what->policy->method != GRADE_METHOD_IS_SHARE)
        return 0;
    switch (what->verdict.grade) {
    case GRADE_B:
        return what->verdict.flags & GRADE_FLAG_NOT_LONG_TERM ? 0 : what->policy->a_share_micros;
    case GRADE_C:
        return what->policy->b_share_micros;
    case GRADE_A:
    case GRADE_NONE:
        break;
    }
    return 0;
}

static void say_share(struct telling *t)
{
    grade_text_value_share(&t->writer, t->what->figures.numerator_micros,
                           t->what->figures.denominator_micros, missed_threshold(t->what));
}

/* "近12个月购买19.0万元,占云南区域销售额96.0万元的19.79%" */
static void say_figures_zh(struct telling *t, bool has_share)
{
    grade_text_value_say(&t->writer, "近");
    say_count(t, t->what->policy->window_months);
    grade_text_value_say(&t->writer, "个月购买");
    say_amount(t, t->what->figures.numerator_micros);
    grade_text_value_say(&t->writer, has_share ? ",占" : ",");
    say_region(t);
    grade_text_value_say(&t->writer, "销售额");
    say_amount(t, t->what->figures.denominator_micros);
    if (has_share) {
        grade_text_value_say(&t->writer, "的");
        say_share(t);
    }
}

static void say_figures_en(struct telling *t, bool has_share)
{
    grade_text_value_say(&t->writer, "purchases of ");
    say_amount(t, t->what->figures.numerator_micros);
    grade_text_value_say(&t->writer, " in the last ");
    say_count(t, t->what->policy->window_months);
    grade_text_value_say(&t->writer, t->what->policy->window_months == 1 ? " month" : " months");
    if (has_share) {
        grade_text_value_say(&t->writer, " are ");
        say_share(t);
        grade_text_value_say(&t->writer, " of the sales of ");
    } else {
        grade_text_value_say(&t->writer, ", the sales of ");
    }
    say_region(t);
    grade_text_value_say(&t->writer, has_share ? ", " : " are ");
    say_amount(t, t->what->figures.denominator_micros);
}

/* Purchases, and their share of the region's sales where there is one. */
static void say_figures(struct telling *t)
{
    bool has_share = t->what->figures.denominator_micros > 0;

    if (t->language == GRADE_LANGUAGE_IS_ZH)
        say_figures_zh(t, has_share);
    else
        say_figures_en(t, has_share);
    if (t->what->verdict.flags & GRADE_FLAG_OVER_100_PERCENT)
        say(t, "(超过100%,因其他客户的退货多于购买)",
            " (over 100%, as the returns of others outweigh their purchases)");
}

/* The long term that an A needs: "满12个月", "满180天". */
static void say_term(struct telling *t)
{
    const struct grade_policy *policy = t->what->policy;
    bool is_by_days = policy->long_term_days > 0;
    uint32_t count = is_by_days ? policy->long_term_days : policy->long_term_months;

    say_count(t, count);
    if (is_by_days)
        say(t, "天", count == 1 ? " day" : " days");
    else
        say(t, "个月", count == 1 ? " month" : " months");
}

/* "达到A级20%的标准", "reaching the 20% of grade A". */
static void say_threshold(struct telling *t, const char *zh, const char *en, enum grade grade)
{
    say(t, zh, en);
    if (t->language == GRADE_LANGUAGE_IS_ZH)
        say_grade(t, grade);
    grade_text_value_threshold(&t->writer, grade == GRADE_A ? t->what->policy->a_share_micros
                                                            : t->what->policy->b_share_micros);
    say(t, "的标准", " of ");
    if (t->language == GRADE_LANGUAGE_IS_EN)
        say_grade(t, grade);
}

static void say_share_reason(struct telling *t)
{
    bool is_new = t->what->verdict.flags & GRADE_FLAG_NOT_LONG_TERM;

    if (t->what->verdict.grade == GRADE_C) {
        say_threshold(t, ",低于", ", below the ", GRADE_B);
        return;
    }
    if (t->what->verdict.grade == GRADE_B && !is_new) {
        say_threshold(t, ",低于", ", below the ", GRADE_A);
        return;
    }
    say_threshold(t, ",达到", ", reaching the ", GRADE_A);
    say(t, is_new ? ",但首次购买未满" : ",且首次购买已满",
        is_new ? ", but the first purchase was not yet "
               : ", and the first purchase was at least ");
    say_term(t);
    say(t, is_new ? ",不是长期客户" : "", is_new ? " before, so not long-term" : " before");
}

/* Of both methods by order: without a positive net nobody has a place. */
static bool say_without_place(struct telling *t)
{
    if (t->what->figures.numerator_micros <= 0) {
        say(t, ",没有净购买额,不评A、B级", ", without net purchases there is no A or B");
        return true;
    }
    if (t->what->figures.rank == 0) {
        say(t, ",按区域内名次评定", ", graded by the order within the region");
        return true;
    }
    return false;
}

/* What a customer of the grade missed, and what others before it have filled. */
static void say_cumulative_limit(struct telling *t, bool is_filled, enum grade grade)
{
    say(t, is_filled ? ",已满" : ",未满", is_filled ? ", at least the " : ", less than the ");
    say(t, grade == GRADE_A ? "A级的" : "B级的", "");
    grade_text_value_threshold(&t->writer, grade == GRADE_A ? t->what->policy->a_cumulative_micros
                                                            : t->what->policy->b_cumulative_micros);
    say(t, "", grade == GRADE_A ? " of grade A" : " of grade B");
}

static void say_cumulative_reason(struct telling *t)
{
    const struct grade_explanation *what = t->what;
    enum grade grade = what->verdict.grade;

    if (say_without_place(t))
        return;
    say(t, ",排在前面的客户累计占", ", the customers before it make ");
    grade_text_value_share(
        &t->writer, what->figures.accumulated_before_micros, what->figures.denominator_micros,
        grade == GRADE_A ? what->policy->a_cumulative_micros : what->policy->b_cumulative_micros);
    if (grade == GRADE_B)
        say_cumulative_limit(t, true, GRADE_A);
    say_cumulative_limit(t, grade == GRADE_C, grade == GRADE_A ? GRADE_A : GRADE_B);
}

static void say_rank_reason(struct telling *t)
{
    const struct grade_policy *policy = t->what->policy;
    enum grade grade = t->what->verdict.grade;

    if (say_without_place(t))
        return;
    say(t, ",在区域内排第", ", number ");
    say_count(t, t->what->figures.rank);
    say(t, "名,在A级的", " in the region, ");
    say(t, grade == GRADE_A ? "前" : "", grade == GRADE_A ? "among the first " : "after the ");
    say_count(t, policy->a_rank);
    say(t, "名", " of grade A");
    if (grade == GRADE_A) {
        say(t, "之内", "");
        return;
    }
    say(t, grade == GRADE_B ? "之后、B级的" : "和B级的",
        grade == GRADE_B ? ", among the " : " and the ");
    say_count(t, policy->b_rank);
    say(t, grade == GRADE_B ? "名之内" : "名之后", " of grade B");
}

static void say_reason(struct telling *t)
{
    const struct grade_explanation *what = t->what;

    if (what->figures.denominator_micros <= 0) {
        say(t, ",不是正数,不计算占比", ", not positive, so there is no share");
        return;
    }
    if (what->verdict.flags & GRADE_FLAG_UNKNOWN_REGION &&
        what->policy->unknown_region_gives_no_a_b) {
        say(t, ",区域未知不评A、B级", ", an unknown region gives no A or B");
        return;
    }
    switch (what->policy->method) {
    case GRADE_METHOD_IS_SHARE:
        say_share_reason(t);
        break;
    case GRADE_METHOD_IS_CUMULATIVE:
        say_cumulative_reason(t);
        break;
    case GRADE_METHOD_IS_RANK:
        say_rank_reason(t);
        break;
    }
}

size_t grade_text_explain(const struct grade_explanation *what, enum grade_language language,
                          char *out, size_t room)
{
    struct telling t = {grade_text_value_begin(out, room), what, language};

    say_beginning(&t);
    say_figures(&t);
    say_reason(&t);
    say(&t, "(政策v", " (policy v");
    say_count(&t, what->policy_version);
    say(&t, ")", ")");
    return t.writer.bytes;
}
