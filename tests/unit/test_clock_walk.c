/*
 * Clocks through whole histories: pauses, extensions, other priorities, policies and calendars, and
 * an end, against a walk of every minute (clock_walk.h), on 100,000 random histories in zones with
 * and without summer time. Every ring, due time, refusal and outcome must be the same; and a
 * calendar that is saved again as it is moves none of them.
 */
#include "tests/unit/clock_walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "common/pure/calendar_cn.h"
#include "common/pure/day.h"
#include "common/zones.h"

#define SCENES 8
#define HISTORIES 12500 /* per scene */

static uint64_t seed = 0x9e3779b97f4a7c15;

/* xorshift64*: the same histories every time. */
static uint32_t random_below(uint32_t limit)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (uint32_t)((seed * 0x2545f4914f6cdd1d) >> 33) % limit;
}

static int32_t random_between(int32_t from, int32_t to)
{
    return from + (int32_t)random_below((uint32_t)(to - from + 1));
}

/* --- two calendars in one zone, and their minutes --- */

struct scene {
    struct zone zone;
    struct calendar a, b;
    struct walk_table table;
};

static void set_random_hours(struct calendar *calendar, int32_t first_day)
{
    for (int i = 0; i < 7; i++) {
        int16_t from = (int16_t)random_between(0, 700);
        int16_t noon = (int16_t)random_between(from + 1, 900);

        calendar->weekly[i] = (struct calendar_hours){
            2, {{from, noon}, {(int16_t)(noon + 60), (int16_t)random_between(1000, 1440)}}};
        if (i > 3 && random_below(2))
            calendar->weekly[i].count = 0;
    }
    for (int32_t day = first_day; day < first_day + WALK_DAYS; day++)
        if (random_below(15) == 0)
            calendar->days[calendar->day_count++] =
                (struct calendar_day){.day = day, .kind = (uint8_t)random_below(2)};
}

static const struct calendar_hours *hours_by_hand(const struct calendar *calendar, int32_t day)
{
    static const struct calendar_hours closed;
    const struct calendar_hours *hours = &calendar->weekly[day_weekday(day) - 1];

    for (int32_t i = 0; i < calendar->day_count; i++) {
        if (calendar->days[i].day != day)
            continue;
        if (calendar->days[i].kind == CALENDAR_OFF)
            return &closed;
        for (int k = 0; k < 7 && hours->count == 0; k++)
            hours = &calendar->weekly[k];
    }
    return hours;
}

static int32_t flag_by_hand(const struct calendar_hours *hours, int32_t minute, int32_t flag)
{
    for (int32_t i = 0; i < hours->count; i++)
        if (minute >= hours->ranges[i].from_min && minute < hours->ranges[i].to_min)
            return flag;
    return 0;
}

static void fill_table(struct scene *scene, int32_t first_day)
{
    static const struct calendar_hours long_hours = {1, {{8 * 60, 21 * 60}}};
    struct walk_table *table = &scene->table;
    const struct calendar_hours *a = NULL, *b = NULL;

    table->first_us = first_day * DAY_US;
    for (int32_t i = 0; i < WALK_MINUTES; i++) {
        struct civil local = zone_civil(&scene->zone, walk_moment(table, i));
        int32_t minute = local.hour * 60 + local.minute;

        table->day[i] = day_make(local.year, local.month, local.day);
        if (i == 0 || table->day[i] != table->day[i - 1]) {
            a = hours_by_hand(&scene->a, table->day[i]);
            b = hours_by_hand(&scene->b, table->day[i]);
        }
        table->open[i] =
            (uint8_t)(flag_by_hand(a, minute, WALK_ON_A) | flag_by_hand(b, minute, WALK_ON_B) |
                      flag_by_hand(&long_hours, minute, WALK_ON_HOURS) | WALK_ON_WALL);
    }
}

static void set_scene(struct scene *scene, int32_t nth)
{
    static const char *const zones[] = {"Asia/Shanghai", "Asia/Shanghai", "Europe/London",
                                        "America/New_York"};
    int32_t first_day = nth < 4 ? day_make(2025, 6, 1) + nth * 20 : day_make(2022 + nth, 1, 1);
    char why[200];

    assert_int_equal(zones_load(zones[nth % 4], &scene->zone, why, sizeof(why)), 0);
    if (nth % 4 < 2) {
        calendar_cn_set(&scene->a, &scene->zone, CALENDAR_CN_USUAL);
        calendar_cn_set(&scene->b, &scene->zone, CALENDAR_CN_WEST);
    } else {
        calendar_set_office(&scene->a, &scene->zone);
        calendar_set_office(&scene->b, &scene->zone);
        set_random_hours(&scene->b, first_day);
    }
    fill_table(scene, first_day);
}

/* --- one history --- */

struct history {
    struct scene *scene;
    struct case_clock clock;
    struct walk walk;
    const struct calendar *calendar;
    struct clock_policy policies[2];
    const struct clock_policy *policy;
    struct walk_events told, walked;
};

static const struct id li = {{1}}, wang = {{2}};

static struct clock_term random_term(void)
{
    switch (random_below(5)) {
    case 0:
        return (struct clock_term){.minutes = (uint32_t)random_between(1, 700)};
    case 1:
        return (struct clock_term){.minutes = (uint32_t)random_between(1, 1500), .is_wall = true};
    case 2:
        return (struct clock_term){
            .minutes = (uint32_t)random_between(1, 700), .from_min = 8 * 60, .to_min = 21 * 60};
    default:
        return (struct clock_term){.working_days = (uint32_t)random_between(1, 4)};
    }
}

static void set_policies(struct history *h)
{
    for (int i = 0; i < 2; i++) {
        h->policies[i] = clock_policy_standard();
        h->policies[i].pause_limit_minutes = (uint32_t)random_between(1, 900);
        h->policies[i].warn_percent = random_below(2) ? 80 : 75;
        for (int priority = PRIORITY_NORMAL; priority <= PRIORITY_URGENT; priority++)
            if (random_below(2))
                h->policies[i].targets[CLOCK_RESOLUTION][priority] = random_term();
    }
    h->policy = &h->policies[0];
}

static int64_t now_us(const struct history *h)
{
    return walk_moment(&h->scene->table, h->walk.now);
}

/* Both come to that minute, and have told the same. */
static void advance(struct history *h, int32_t minute)
{
    int64_t at_us = 0;
    enum clock_ring ring;

    walk_on(&h->walk, minute);
    while ((ring = clock_ring(&h->clock, h->calendar, now_us(h), &at_us)) != CLOCK_RINGS_NOT)
        if (h->told.count < WALK_EVENTS)
            h->told.list[h->told.count++] = (struct walk_event){ring, at_us};
    assert_int_equal(h->told.count, h->walked.count);
    for (int32_t i = 0; i < h->told.count; i++) {
        assert_int_equal(h->told.list[i].ring, h->walked.list[i].ring);
        assert_int_equal(h->told.list[i].at_us, h->walked.list[i].at_us);
    }
    if (h->clock.state == CLOCK_RUNNING && h->clock.breached_us == 0 && random_below(4) == 0)
        assert_int_equal(h->clock.due_us, walk_moment(&h->scene->table, walk_due(&h->walk)));
}

static void start(struct history *h)
{
    enum priority priority = (enum priority)random_between(PRIORITY_LOW, PRIORITY_URGENT);

    set_policies(h);
    h->told.count = h->walked.count = 0;
    h->calendar = &h->scene->a;
    h->walk = (struct walk){
        .table = &h->scene->table,
        .told = &h->walked,
        .term = *clock_policy_term(h->policy, CLOCK_RESOLUTION, priority),
        .calendar = WALK_ON_A,
        .now = random_between(3000, WALK_MINUTES - 200 * 1440),
        .limit = (int32_t)h->policy->pause_limit_minutes,
        .percent = (int32_t)h->policy->warn_percent,
    };
    walk_start(&h->walk);
    assert_true(clock_start(CLOCK_RESOLUTION, priority, h->policy, 1, h->calendar, CLOCK_BY_START,
                            now_us(h), &h->clock));
}

static void supersede(struct history *h)
{
    enum clock_cause cause =
        (enum clock_cause)random_between(CLOCK_BY_RAISED_PRIORITY, CLOCK_BY_CALENDAR);
    bool is_moved = cause == CLOCK_BY_GROUP || cause == CLOCK_BY_CALENDAR;
    struct clock_change change = {
        .cause = cause, .priority = h->clock.priority, .from = h->calendar, .to = h->calendar};
    struct case_clock old = h->clock, next;
    bool is_taken;

    if (is_moved && (cause == CLOCK_BY_GROUP || random_below(4) > 0))
        change.to = h->calendar == &h->scene->a ? &h->scene->b : &h->scene->a;
    if (cause == CLOCK_BY_POLICY)
        h->policy = h->policy == &h->policies[0] ? &h->policies[1] : &h->policies[0];
    if (cause == CLOCK_BY_RAISED_PRIORITY || cause == CLOCK_BY_LOWERED_PRIORITY)
        change.priority = (enum priority)random_between(PRIORITY_NORMAL, PRIORITY_URGENT);
    change.policy = h->policy;
    is_taken = walk_supersede(
        &h->walk, cause, clock_policy_term(h->policy, CLOCK_RESOLUTION, change.priority),
        change.to == &h->scene->a ? WALK_ON_A : WALK_ON_B, (int32_t)h->policy->warn_percent,
        (int32_t)h->policy->pause_limit_minutes);
    assert_int_equal(clock_supersede(&old, &change, now_us(h), &next) == CLOCK_FINE, is_taken);
    if (!is_taken)
        return;
    assert_int_equal(old.state, CLOCK_SUPERSEDED);
    h->clock = next;
    h->calendar = change.to;
}

/* Its own calendar, saved once more, finds nothing to move. */
static void look(const struct history *h)
{
    if (h->clock.state != CLOCK_STOPPED && h->clock.breached_us == 0)
        assert_false(clock_is_moved(&h->clock, h->calendar));
}

/* Somebody does something; both must take it or refuse it. */
static void act(struct history *h)
{
    int32_t until = random_below(2) ? h->walk.now + random_between(-100, 4000) : 0;
    int32_t extended;
    bool is_granted = random_below(5) > 0;
    int64_t until_us = until ? walk_moment(&h->scene->table, until) : 0;

    switch (random_below(7)) {
    case 0:
    case 1:
        assert_int_equal(clock_pause(&h->clock, h->calendar, now_us(h), until_us, true) ==
                             CLOCK_FINE,
                         walk_pause(&h->walk, until));
        break;
    case 2:
        assert_int_equal(clock_resume(&h->clock, h->calendar, now_us(h)) == CLOCK_FINE,
                         walk_resume(&h->walk));
        break;
    case 3:
        extended = walk_due(&h->walk) + random_between(-200, 2000);
        assert_int_equal(clock_ask_extension(&h->clock, now_us(h),
                                             walk_moment(&h->scene->table, extended), &li,
                                             true) == CLOCK_FINE,
                         walk_ask(&h->walk, extended, 2));
        break;
    case 4:
        assert_int_equal(clock_decide_extension(&h->clock, h->calendar, now_us(h), &wang,
                                                is_granted) == CLOCK_FINE,
                         walk_decide(&h->walk, is_granted));
        break;
    default:
        supersede(h);
        break;
    }
}

/* It is stopped, or left alone until it is due. */
static void finish(struct history *h)
{
    struct case_clock stopped = h->clock;

    clock_stop(&stopped, h->calendar, now_us(h));
    assert_int_equal(stopped.outcome,
                     h->walk.is_breached && h->walk.now > 0 && stopped.stopped_us > stopped.due_us
                         ? CLOCK_BREACHED
                         : CLOCK_MET);
    assert_int_equal(clock_next(&stopped), CLOCK_NEVER);
    while (!h->walk.is_breached) {
        assert_true(h->walk.now < WALK_MINUTES - 30000);
        advance(h, h->walk.now + 20000);
    }
    assert_int_equal(h->clock.breached_us, h->told.list[h->told.count - 1].at_us);
    assert_int_equal(h->clock.outcome, CLOCK_BREACHED);
}

static void clocks_equal_a_walk_of_every_minute_on_100000_random_histories(void **state)
{
    static struct scene scene;
    static struct history h;
    int32_t breached = 0, acts = 0;

    (void)state;
    h.scene = &scene;
    for (int32_t i = 0; i < SCENES; i++) {
        set_scene(&scene, i);
        for (int32_t k = 0; k < HISTORIES; k++) {
            start(&h);
            for (uint32_t steps = random_below(9); steps > 0 && !h.walk.is_breached; steps--) {
                act(&h);
                look(&h);
                acts++;
                advance(&h, h.walk.now + random_between(0, random_below(2) ? 300 : 1200));
            }
            breached += h.walk.is_breached;
            finish(&h);
        }
    }
    /* The histories are worth something: many acts, some broken and most not when they end. */
    assert_in_range(acts, 250000, 450000);
    assert_in_range(breached, 10000, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_equal_a_walk_of_every_minute_on_100000_random_histories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
