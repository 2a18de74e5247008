/* kehuctl clock show and advance: the virtual clock of demo and test installations. */
#include "ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/pure/day.h"
#include "common/zones.h"
#include "ctl_method.h"
#include "kehu/bus/v1/service.pb-c.h"

/* Answers in a row without any progress after which we give up. */
#define MOST_IDLE 3
/* Of clocks that go together. */
#define DAY_S INT64_C(86400)
#define MOST_STEPS 32

static const char *ahead_text(struct ctl *ctl, const Google__Protobuf__Duration *ahead)
{
    long long seconds = ahead ? ahead->seconds : 0;

    if (seconds < 60)
        return "real time";
    return arena_print(ctl->arena, "%lld d %lld h %lld min ahead of real time", seconds / 86400,
                       seconds / 3600 % 24, seconds / 60 % 60);
}

static int show(struct ctl *ctl, bool with_name)
{
    Kehu__Bus__V1__GetClock ask = KEHU__BUS__V1__GET_CLOCK__INIT;
    const char *next;
    int code;
    Kehu__Bus__V1__Clock *clock =
        (Kehu__Bus__V1__Clock *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__clock__descriptor, &code);

    if (!clock)
        return code;
    if (ctl->json) {
        json_t *json = ctl_json_message(&clock->base);

        json_object_set_new(json, "service", json_string(ctl_service_name(ctl->service)));
        ctl_print_json(ctl, json);
        return CTL_DONE;
    }
    next = ctl_local_time(ctl, clock->next_timer);
    printf("%s%s%s, %s; a %s installation\n", with_name ? ctl_service_name(ctl->service) : "",
           with_name ? ": " : "", ctl_local_time(ctl, clock->now), ahead_text(ctl, clock->ahead),
           clock->installation);
    printf(next[0] ? "the next timer rings at %s\n" : "no timer is armed\n", next);
    return CTL_DONE;
}

static int run_show(struct ctl *ctl)
{
    enum ctl_service services[CTL_SERVICES];
    size_t count = ctl_method_services(ctl, services);
    int worst = CTL_DONE;

    for (size_t i = 0; i < count; i++) {
        ctl_speak(ctl, services[i]);
        int code = show(ctl, count > 1);

        worst = code > worst ? code : worst;
    }
    return worst;
}

/* "30d", "12h", "45min", "90s". */
static int64_t take_by(const struct ctl *ctl, const char *text)
{
    static const struct {
        const char *name;
        long long seconds;
    } units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
    char *end;
    long long count = strtoll(text, &end, 10);

    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (end != text && strcmp(end, units[i].name) == 0 && count >= 0 &&
            count <= INT64_C(36600) * 86400 / units[i].seconds)
            return count * units[i].seconds;
    ctl_usage(ctl, "--by must be like 30d, 12h, 45min or 90s, not \"%s\"", text);
}

/* The first moment of that day in the business zone. */
static int64_t take_to(struct ctl *ctl)
{
    struct zone *zone = arena_take(ctl->arena, sizeof(*zone));
    char why[300];
    int32_t day = 0;

    ctl_date(ctl, "--to", &day);
    if (!zone || zones_load(ctl->zone, zone, why, sizeof(why)) != OK)
        ctl_usage(ctl, "the zone \"%s\" cannot be read", ctl->zone);
    struct day_date date = day_split(day);
    struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(zone, &midnight) / SECOND_US;
}

/* One sending. All have the same id and bytes: each goes on where the one before had to stop. */
static Kehu__Bus__V1__ClockAdvanced *advance(struct ctl *ctl, const char *id,
                                             const ProtobufCMessage *message, int *code)
{
    size_t bytes = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_take(ctl->arena, bytes);
    struct ctl_answer answer;

    *code = CTL_UNFINISHED;
    if (!packed)
        return NULL;
    protobuf_c_message_pack(message, packed);
    struct kehu_question question = {.type = message->descriptor->name,
                                     .id = id,
                                     .payload = packed,
                                     .payload_bytes = bytes,
                                     .deadline_ms = ctl->timeout_ms};

    if (!ctl_ask_bytes(ctl, &question, &answer, code))
        return NULL;
    return kehu__bus__v1__clock_advanced__unpack(arena_allocator(ctl->arena), answer.payload_bytes,
                                                 answer.payload);
}

/* Moves the clock of the service spoken to, sending again until it has arrived. */
static Kehu__Bus__V1__ClockAdvanced *move(struct ctl *ctl, const ProtobufCMessage *ask, int *code)
{
    Kehu__Bus__V1__ClockAdvanced *last = NULL;
    uint8_t random[16];
    char id[sizeof(random) * 2 + 1];
    uint32_t stops = 0;
    int idle = 0;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(id, sizeof(id), random, sizeof(random));
    do {
        Kehu__Bus__V1__ClockAdvanced *before = last;

        last = advance(ctl, id, ask, code);
        if (!last)
            return NULL;
        stops += last->stops;
        idle = before && last->stops == 0 ? idle + 1 : 0;
    } while (!last->arrived && idle < MOST_IDLE && !ctl_is_interrupted());
    last->stops = stops;
    return last;
}

static int tell(struct ctl *ctl, const Kehu__Bus__V1__ClockAdvanced *last, bool with_name)
{
    json_t *json;

    if (!last)
        return CTL_DONE;
    if (ctl->json) {
        json = ctl_json_message(&last->base);
        json_object_set_new(json, "service", json_string(ctl_service_name(ctl->service)));
        ctl_print_json(ctl, json);
    } else {
        printf("%s%sthe clock says %s; %u stops on the way\n",
               with_name ? ctl_service_name(ctl->service) : "", with_name ? ": " : "",
               ctl_local_time(ctl, last->now), last->stops);
    }
    if (last->arrived)
        return CTL_DONE;
    ctl_say("not there yet: it waits for %s", last->waits_for);
    return CTL_UNFINISHED;
}

static bool ask_now(struct ctl *ctl, int64_t *now_s, int *code)
{
    Kehu__Bus__V1__GetClock ask = KEHU__BUS__V1__GET_CLOCK__INIT;
    Kehu__Bus__V1__Clock *clock =
        (Kehu__Bus__V1__Clock *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__clock__descriptor, code);

    if (clock && clock->now)
        *now_s = clock->now->seconds;
    return clock && clock->now;
}

/* One service: as it was asked for. */
static int advance_one(struct ctl *ctl)
{
    Kehu__Bus__V1__AdvanceClock ask = KEHU__BUS__V1__ADVANCE_CLOCK__INIT;
    Google__Protobuf__Duration by = GOOGLE__PROTOBUF__DURATION__INIT;
    Google__Protobuf__Timestamp to = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    int code = CTL_DONE;

    if (ctl_option(ctl, "--by")) {
        by.seconds = take_by(ctl, ctl_option(ctl, "--by"));
        ask.by = &by;
    } else {
        to.seconds = take_to(ctl);
        ask.to = &to;
    }
    const Kehu__Bus__V1__ClockAdvanced *last = move(ctl, &ask.base, &code);

    return last ? tell(ctl, last, false) : code;
}

/* Several: to one moment, a day or more at a time, so that what one says on the way reaches the
 * other about when it is said. A service that is further already waits for the others. */
struct together {
    enum ctl_service services[CTL_SERVICES];
    size_t count;
    int64_t now_s[CTL_SERVICES];
    Kehu__Bus__V1__ClockAdvanced *last[CTL_SERVICES];
};

static int step_together(struct ctl *ctl, struct together *all, int64_t to_s)
{
    Kehu__Bus__V1__AdvanceClock ask = KEHU__BUS__V1__ADVANCE_CLOCK__INIT;
    Google__Protobuf__Timestamp to = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    int code = CTL_DONE;

    to.seconds = to_s;
    ask.to = &to;
    for (size_t i = 0; i < all->count; i++) {
        uint32_t before = all->last[i] ? all->last[i]->stops : 0;

        if (all->now_s[i] >= to_s)
            continue;
        ctl_speak(ctl, all->services[i]);
        Kehu__Bus__V1__ClockAdvanced *last = move(ctl, &ask.base, &code);

        if (!last)
            return code;
        last->stops += before;
        all->last[i] = last;
        if (!last->arrived)
            return CTL_UNFINISHED;
    }
    return CTL_DONE;
}

static int advance_together(struct ctl *ctl, struct together *all)
{
    int64_t at_s = INT64_MAX, latest_s = 0, to_s;
    int code = CTL_DONE, told = CTL_DONE;

    for (size_t i = 0; i < all->count; i++) {
        ctl_speak(ctl, all->services[i]);
        if (!ask_now(ctl, &all->now_s[i], &code))
            return code;
        at_s = all->now_s[i] < at_s ? all->now_s[i] : at_s;
        latest_s = all->now_s[i] > latest_s ? all->now_s[i] : latest_s;
    }
    to_s =
        ctl_option(ctl, "--by") ? latest_s + take_by(ctl, ctl_option(ctl, "--by")) : take_to(ctl);
    if (to_s <= latest_s) { /* refused in the service's own words */
        ctl_speak(ctl, all->services[0]);
        return advance_one(ctl);
    }
    int64_t step_s = (to_s - at_s) / MOST_STEPS > DAY_S ? (to_s - at_s) / MOST_STEPS : DAY_S;

    while (at_s < to_s && code == CTL_DONE && !ctl_is_interrupted()) {
        at_s = to_s - at_s > step_s ? at_s + step_s : to_s;
        code = step_together(ctl, all, at_s);
    }
    for (size_t i = 0; i < all->count; i++) {
        ctl_speak(ctl, all->services[i]);
        told = tell(ctl, all->last[i], true);
        code = told > code ? told : code;
    }
    return code;
}

static int run_advance(struct ctl *ctl)
{
    struct together all = {0};

    if (!ctl_option(ctl, "--by") == !ctl_option(ctl, "--to"))
        ctl_usage(ctl, "say how far: --by 30d or --to 2011-01-01");
    ctl_catch_interrupt();
    all.count = ctl_method_services(ctl, all.services);
    if (all.count > 1)
        return advance_together(ctl, &all);
    ctl_speak(ctl, all.services[0]);
    return advance_one(ctl);
}

static const struct ctl_option show_options[] = {CTL_SERVICE_OPTION};

const struct ctl_command ctl_clock_show = {
    .path = "clock show",
    .arguments = "",
    .summary = "The services' clocks, and when something happens next by itself",
    .help = "  kehuctl clock show --json\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};

static const struct ctl_option options[] = {
    {"--by", "TIME", "so far: 30d, 12h, 45min, 90s", false},
    {"--to", "DATE", "to the beginning of that day, in business time", false},
    CTL_SERVICE_OPTION,
};

const struct ctl_command ctl_clock_advance = {
    .path = "clock advance",
    .arguments = "",
    .summary = "Move the clock of a demo or test installation forward",
    .help =
        "Everything that becomes due on the way happens, in the order of time, before this ends.\n"
        "A live installation refuses. It is for good: clocks do not go back. All services of this\n"
        "installation move to the same moment, a day or more at a time, unless one is named.\n\n"
        "  kehuctl clock advance --by 30d\n"
        "  kehuctl clock advance --to 2027-01-01\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_advance,
};
