#include "services/complaints/domain/clock_text.h"

#include "common/pure/calendar_walk.h"

/* An explanation while it is being written. */
struct story {
    struct telling telling;
    const struct case_clock *clock;
    const struct calendar *calendar;
};

static void say(struct story *story, const char *zh, const char *en)
{
    telling_say(&story->telling, zh, en);
}

static void say_moment(struct story *story, int64_t at_us)
{
    telling_say_moment(&story->telling, story->calendar->zone, at_us);
}

static void say_count(struct story *story, int64_t count)
{
    telling_say_count(&story->telling, count);
}

/* "5个工作日", "2小时(不分昼夜)", "4小时(每日8:00至21:00之间)". */
static void say_term(struct story *story)
{
    const struct clock_term *term = &story->clock->term;

    if (term->working_days > 0) {
        say_count(story, term->working_days);
        say(story, "个工作日", term->working_days == 1 ? " working day" : " working days");
        return;
    }
    if (term->minutes == 0) {
        say(story, "指定日期", "a date of its own");
        return;
    }
    telling_say_span(&story->telling, term->minutes * MINUTE_US);
    if (term->to_min > 0) {
        say(story, "(每日", " (");
        say_count(story, term->from_min / 60);
        say(story, "点至", ":00 to ");
        say_count(story, term->to_min / 60);
        say(story, "点之间)", ":00 of every day)");
    } else {
        say(story, term->is_wall ? "(不分昼夜)" : "工作时间",
            term->is_wall ? " of the wall clock" : " of business time");
    }
}

static void say_priority(struct story *story)
{
    enum priority priority = story->clock->priority;

    telling_say(&story->telling, severity_priority_label(priority, TELLING_IS_ZH),
                severity_priority_label(priority, TELLING_IS_EN));
    say(story, "优先级", " priority");
}

static void say_outcome(struct story *story)
{
    const struct case_clock *clock = story->clock;

    if (clock->state == CLOCK_SUPERSEDED) {
        say(story, ";已由新时限取代", "; superseded by another");
    } else if (clock->outcome == CLOCK_BREACHED) {
        say(story, ";已超时", "; breached");
    } else if (clock->outcome == CLOCK_MET) {
        say(story, ";已按时完成,", "; met, ");
        say_moment(story, clock->stopped_us);
    } else if (clock->state == CLOCK_STOPPED) {
        say(story, ";随案件结束", "; ended with the case");
    } else if (clock->state == CLOCK_PAUSED) {
        say(story, ";暂停中,最迟", "; paused, it goes on at the latest ");
        say_moment(story, clock->pause_until_us);
        say(story, "恢复", "");
    }
}

void clock_text_tell(const struct case_clock *clock, const struct calendar *calendar,
                     enum telling_language language, char out[CLOCK_TEXT_BYTES])
{
    struct story story = {telling_begin(out, CLOCK_TEXT_BYTES, language), clock, calendar};

    telling_say(&story.telling, clock_kind_label(clock->kind, TELLING_IS_ZH),
                clock_kind_label(clock->kind, TELLING_IS_EN));
    say(&story, "应于", ": due ");
    say_moment(&story, clock->due_us);
    say(&story, "前完成:", ": ");
    say_priority(&story);
    say(&story, "", ", ");
    say_term(&story);
    say(&story, ",自", " from ");
    say_moment(&story, clock->started_us);
    say(&story, "起算", "");
    if (clock->extensions > 0)
        say(&story, ",已延期", ", extended");
    say(&story, "(政策v", " (policy v");
    say_count(&story, clock->policy_version);
    say(&story, ")", ")");
    if (clock->is_provisional)
        say(&story, ";暂定(待节假日通知)", "; provisional until the holiday notice");
    say_outcome(&story);
}

/* --- steps --- */

static void say_start(struct story *story)
{
    static const char *const points[CLOCK_CAUSES][2] = {
        [CLOCK_BY_START] = {"触发时刻", "when it was called for"},
        [CLOCK_BY_DISPUTE] = {"客户不认可之时", "the dispute"},
        [CLOCK_BY_REOPENING] = {"重新处理之时", "the reopening"},
        [CLOCK_BY_RAISED_PRIORITY] = {"优先级提高之时,且不晚于原截止时间",
                                      "the priority was raised, never later than before"},
        [CLOCK_BY_LOWERED_PRIORITY] = {"原起点(优先级降低),且不早于原截止时间",
                                       "the old start (lower priority), never earlier than before"},
        [CLOCK_BY_GROUP] = {"转交之时,沿用剩余时间", "the change of group, with what was left"},
        [CLOCK_BY_POLICY] = {"原起点(政策变更)", "the old start (another policy)"},
        [CLOCK_BY_CALENDAR] = {"原起点(日历变更)", "the old start (another calendar)"},
        [CLOCK_BY_EXTENSION] = {"原起点(已延期)", "the old start (extended)"},
    };

    say(story, "起点:", "start: ");
    say_moment(story, story->clock->started_us);
    say(story, "(", " (");
    say(story, points[story->clock->cause][0], points[story->clock->cause][1]);
    say(story, ")\n期限:", ")\nterm: ");
    say_priority(story);
    say(story, ",", ", ");
    say_term(story);
    say(story, "(政策v", " (policy v");
    say_count(story, story->clock->policy_version);
    say(story, ")\n", ")\n");
}

/* Each working day that counts, and the days between that do not. */
static void say_days(struct story *story)
{
    int32_t from = zone_day(story->calendar->zone, story->clock->started_us);
    int32_t before = from;

    for (uint32_t n = 1; n <= story->clock->term.working_days && n <= CLOCK_TEXT_SPANS; n++) {
        int32_t day;

        if (!calendar_move_day(story->calendar, from, (int32_t)n, &day))
            return;
        if (day > before + 1) {
            telling_say_day(&story->telling, before + 1);
            if (day > before + 2) {
                say(story, "至", " to ");
                telling_say_day(&story->telling, day - 1);
            }
            say(story, "不计(非工作日)\n", ": not counted, not worked\n");
        }
        telling_say_day(&story->telling, day);
        say(story, ":第", ": working day ");
        say_count(story, n);
        say(story, "个工作日\n", "\n");
        before = day;
    }
}

/* Each span of open time from there until so much of it is used up. */
static void say_spans(struct story *story, const struct calendar *calendar, int64_t from_us,
                      int64_t left_us)
{
    struct calendar_walk walk;
    struct calendar_span span;

    calendar_walk_start(&walk, calendar, from_us,
                        zone_day(calendar->zone, from_us) + CALENDAR_REACH_DAYS);
    for (int n = 0; n < CLOCK_TEXT_SPANS && left_us > 0; n++) {
        int64_t counted_us;

        if (!calendar_walk_next(&walk, &span))
            return;
        counted_us = span.to_us - span.from_us < left_us ? span.to_us - span.from_us : left_us;
        say_moment(story, span.from_us);
        say(story, "至", " to ");
        telling_say_time(&story->telling, calendar->zone, span.from_us + counted_us);
        say(story, ":计", ": ");
        telling_say_span(&story->telling, counted_us);
        left_us -= counted_us;
        say(story, ",尚余", ", left ");
        telling_say_span(&story->telling, left_us);
        say(story, "\n", "\n");
    }
}

/* What it has instead of its term. */
static void say_given(struct story *story)
{
    say(story, "计时:自", "counted: from ");
    say_moment(story, story->clock->given_from_us);
    say(story, "起", " on ");
    telling_say_span(&story->telling, story->clock->given_us);
    say(story, "(非全部期限)\n", ", not the whole term\n");
}

static void say_counting(struct story *story)
{
    const struct case_clock *clock = story->clock;
    const struct clock_term *term = &clock->term;
    bool is_given = clock->given_from_us != 0;
    int64_t from_us = is_given ? clock->given_from_us : clock->started_us;
    int64_t left_us = is_given ? clock->given_us : term->minutes * MINUTE_US;
    struct calendar daily;

    if (is_given)
        say_given(story);
    if (!is_given && term->working_days > 0) {
        say_days(story);
    } else if (term->to_min > 0) {
        calendar_set_daily(&daily, story->calendar->zone, term->from_min, term->to_min);
        say_spans(story, &daily, from_us, left_us);
    } else if (!term->is_wall && left_us > 0) {
        say_spans(story, story->calendar, from_us, left_us);
    }
}

static void say_changes(struct story *story)
{
    const struct case_clock *clock = story->clock;

    if (clock->pauses_us > 0) {
        say(story, "暂停:共", "pauses: ");
        telling_say_span(&story->telling, clock->pauses_us);
        say(story, ",顺延\n", ", added\n");
    }
    if (clock->extensions > 0) {
        say(story, "延期:", "extensions: ");
        say_count(story, clock->extensions);
        say(story, "次\n", "\n");
    }
}

static void say_warnings(struct story *story)
{
    const struct case_clock *clock = story->clock;

    say(story, "提醒:", "warnings: ");
    say_count(story, clock->warn_first_percent);
    say(story, "%(", "% (");
    say_moment(story, clock->colour_us);
    say(story, ")标为临近,", ") is shown as due soon, ");
    say_count(story, clock->warn_percent);
    say(story, "%(", "% (");
    say_moment(story, clock->warned_us ? clock->warned_us : clock->warn_us);
    say(story, ")提醒经办人\n", ") tells the handler\n");
}

void clock_text_tell_steps(const struct case_clock *clock, const struct calendar *calendar,
                           enum telling_language language, char out[CLOCK_TEXT_STEPS_BYTES])
{
    struct story story = {telling_begin(out, CLOCK_TEXT_STEPS_BYTES, language), clock, calendar};

    say_start(&story);
    say_counting(&story);
    say_changes(&story);
    say_warnings(&story);
    say(&story, "截止:", "due: ");
    say_moment(&story, clock->due_us);
    if (clock->is_provisional)
        say(&story, "(暂定,待节假日通知)", " (provisional until the holiday notice)");
    say_outcome(&story);
}
