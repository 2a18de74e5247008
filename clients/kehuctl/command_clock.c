/* kehuctl clock show and advance: the virtual clock of demo and test installations. */
#include "ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/pure/day.h"
#include "common/zones.h"
#include "kehu/bus/v1/service.pb-c.h"

/* Answers in a row without any progress after which we give up. */
#define MOST_IDLE 3

static const char *ahead_text(struct ctl *ctl, const Google__Protobuf__Duration *ahead)
{
    long long seconds = ahead ? ahead->seconds : 0;

    if (seconds < 60)
        return "real time";
    return arena_print(ctl->arena, "%lld d %lld h %lld min ahead of real time", seconds / 86400,
                       seconds / 3600 % 24, seconds / 60 % 60);
}

static int run_show(struct ctl *ctl)
{
    Kehu__Bus__V1__GetClock ask = KEHU__BUS__V1__GET_CLOCK__INIT;
    const char *next;
    int code;
    Kehu__Bus__V1__Clock *clock =
        (Kehu__Bus__V1__Clock *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__clock__descriptor, &code);

    if (!clock)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&clock->base));
        return CTL_DONE;
    }
    next = ctl_local_time(ctl, clock->next_timer);
    printf("%s, %s; a %s installation\n", ctl_local_time(ctl, clock->now),
           ahead_text(ctl, clock->ahead), clock->installation);
    printf(next[0] ? "the next timer rings at %s\n" : "no timer is armed\n", next);
    return CTL_DONE;
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

static int tell(struct ctl *ctl, Kehu__Bus__V1__ClockAdvanced *last, uint32_t stops)
{
    last->stops = stops;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&last->base));
    else
        printf("the clock says %s; %u stops on the way\n", ctl_local_time(ctl, last->now), stops);
    if (last->arrived)
        return CTL_DONE;
    ctl_say("not there yet: it waits for %s", last->waits_for);
    return CTL_UNFINISHED;
}

static int run_advance(struct ctl *ctl)
{
    Kehu__Bus__V1__AdvanceClock ask = KEHU__BUS__V1__ADVANCE_CLOCK__INIT;
    Google__Protobuf__Duration by = GOOGLE__PROTOBUF__DURATION__INIT;
    Google__Protobuf__Timestamp to = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Kehu__Bus__V1__ClockAdvanced *last = NULL;
    uint8_t random[16];
    char id[sizeof(random) * 2 + 1];
    uint32_t stops = 0;
    int code = CTL_DONE, idle = 0;

    if (!ctl_option(ctl, "--by") == !ctl_option(ctl, "--to"))
        ctl_usage(ctl, "say how far: --by 30d or --to 2011-01-01");
    if (ctl_option(ctl, "--by")) {
        by.seconds = take_by(ctl, ctl_option(ctl, "--by"));
        ask.by = &by;
    } else {
        to.seconds = take_to(ctl);
        ask.to = &to;
    }
    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(id, sizeof(id), random, sizeof(random));
    ctl_catch_interrupt();
    do {
        Kehu__Bus__V1__ClockAdvanced *before = last;

        last = advance(ctl, id, &ask.base, &code);
        if (!last)
            return code;
        stops += last->stops;
        idle = before && last->stops == 0 ? idle + 1 : 0;
    } while (!last->arrived && idle < MOST_IDLE && !ctl_is_interrupted());
    return tell(ctl, last, stops);
}

const struct ctl_command ctl_clock_show = {
    .path = "clock show",
    .arguments = "",
    .summary = "The service's clock, and when something happens next by itself",
    .help = "  kehuctl clock show --json\n",
    .run = run_show,
};

static const struct ctl_option options[] = {
    {"--by", "TIME", "so far: 30d, 12h, 45min, 90s", false},
    {"--to", "DATE", "to the beginning of that day, in business time", false},
};

const struct ctl_command ctl_clock_advance = {
    .path = "clock advance",
    .arguments = "",
    .summary = "Move the clock of a demo or test installation forward",
    .help =
        "Everything that becomes due on the way happens, in the order of time, before this ends.\n"
        "A live installation refuses. It is for good: clocks do not go back.\n\n"
        "  kehuctl clock advance --by 30d\n"
        "  kehuctl clock advance --to 2027-01-01\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_advance,
};
