/*
 * The policy "targets": how long each clock has. As a document it holds a target for each clock and
 * priority.
 */
#include <string.h>

#include "services/complaints/codec/codec_case_policy_take.h"

#define TARGETS_MAX 100

static struct text text_of(const char *at)
{
    return (struct text){at, strlen(at)};
}

static void fault(struct case_policy_taking *taking, size_t place, const char *field,
                  const char *why)
{
    codec_case_policy_fault(taking, arena_print(taking->arena, "targets[%zu].%s", place, field),
                            why);
}

static int16_t read_hour(struct case_policy_taking *taking, size_t place, const char *field,
                         const char *value)
{
    int16_t minutes = 0;

    if (value[0] && !calendar_parse_time(text_of(value), &minutes))
        fault(taking, place, field, "is no time such as 08:00");
    return minutes;
}

/* False: there is no such clock, or priority. */
static bool read_place(struct case_policy_taking *taking, size_t place,
                       const Kehu__Complaints__V1__Target *target, enum clock_kind *kind)
{
    *kind = clock_kind_read(text_of(target->clock));
    if (*kind == CLOCK_KIND_IS_NONE || *kind == CLOCK_ACTION) {
        fault(taking, place, "clock",
              *kind ? "action has a date of its own and no target"
                    : "must be auto_acknowledge, acknowledge, first_response, progress, "
                      "resolution, confirmation or regulatory");
        return false;
    }
    if (target->priority < KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_NORMAL ||
        target->priority > KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_URGENT) {
        fault(taking, place, "priority", "must be normal, high or urgent; low is as normal");
        return false;
    }
    return true;
}

static void read_target(struct case_policy_taking *taking, size_t place,
                        const Kehu__Complaints__V1__Target *target, struct clock_policy *targets,
                        bool given[CLOCK_KINDS][PRIORITIES])
{
    enum clock_kind kind;

    if (!read_place(taking, place, target, &kind))
        return;
    if (given[kind][target->priority])
        fault(taking, place, "clock", "stands twice with this priority");
    given[kind][target->priority] = true;
    targets->targets[kind][target->priority] = (struct clock_term){
        .minutes = target->minutes,
        .working_days = target->working_days,
        .is_wall = target->wall_clock,
        .from_min = read_hour(taking, place, "from", target->from),
        .to_min = read_hour(taking, place, "to", target->to),
    };
}

static char *print_hour(struct arena *arena, int16_t minutes, bool is_given)
{
    return is_given ? arena_print(arena, "%02d:%02d", minutes / 60, minutes % 60) : "";
}

static void print_target(struct arena *arena, enum clock_kind kind, int priority,
                         const struct clock_term *term, Kehu__Complaints__V1__Target *out)
{
    bool has_hours = term->from_min != 0 || term->to_min != 0;

    kehu__complaints__v1__target__init(out);
    out->clock = (char *)clock_kind_name(kind);
    out->priority = (Kehu__Complaints__V1__Priority)priority;
    out->minutes = term->minutes;
    out->working_days = term->working_days;
    out->wall_clock = term->is_wall;
    out->from = print_hour(arena, term->from_min, has_hours);
    out->to = print_hour(arena, term->to_min, has_hours);
}

/* The document as what it says in full, clocks and priorities in their order. */
static void complete_document(const struct clock_policy *policy, struct arena *arena,
                              Kehu__Complaints__V1__TargetPolicy *document)
{
    size_t count =
        (CLOCK_ACTION - CLOCK_AUTO_ACKNOWLEDGE) * (PRIORITY_URGENT - PRIORITY_NORMAL + 1);
    Kehu__Complaints__V1__Target *list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Complaints__V1__Target **pointers = arena_take_array(arena, count, sizeof(*pointers));

    if (!list || !pointers)
        return;
    count = 0;
    for (int kind = CLOCK_AUTO_ACKNOWLEDGE; kind < CLOCK_ACTION; kind++)
        for (int priority = PRIORITY_NORMAL; priority <= PRIORITY_URGENT; priority++) {
            print_target(arena, (enum clock_kind)kind, priority, &policy->targets[kind][priority],
                         &list[count]);
            pointers[count] = &list[count];
            count++;
        }
    document->targets = pointers;
    document->n_targets = count;
    document->warn_first_percent = policy->warn_first_percent;
    document->warn_percent = policy->warn_percent;
    document->pause_limit_minutes = policy->pause_limit_minutes;
    document->max_extensions = policy->max_extensions;
    document->reopen_days = policy->reopen_days;
    document->confirmation_sample_percent = policy->confirmation_sample_percent;
}

void codec_case_policy_take_targets(Kehu__Complaints__V1__TargetPolicy *document,
                                    struct case_policy_taking *taking, struct case_policy *out)
{
    bool given[CLOCK_KINDS][PRIORITIES] = {{false}};
    struct clock_policy policy = {
        .warn_first_percent = document->warn_first_percent,
        .warn_percent = document->warn_percent,
        .pause_limit_minutes = document->pause_limit_minutes,
        .max_extensions = document->max_extensions,
        .reopen_days = document->reopen_days,
        .confirmation_sample_percent = document->confirmation_sample_percent,
    };

    if (document->n_targets > TARGETS_MAX) {
        codec_case_policy_fault(taking, "targets", "are more than 100");
        return;
    }
    for (size_t i = 0; i < document->n_targets; i++)
        read_target(taking, i, document->targets[i], &policy, given);
    out->targets = clock_policy_complete(&policy);
    complete_document(&out->targets, taking->arena, document);
}

/* "resolution, high: …, for instance of a case of Fri 2026-09-25 17:30". */
static const char *fault_text(const struct clock_policy_fault *found,
                              const struct calendar *calendar, struct arena *arena)
{
    const char *why = found->why;

    if (found->kind)
        why = arena_print(arena, "%s, %s: %s", clock_kind_name(found->kind),
                          severity_priority_name(found->priority), why);
    if (found->example_us && why) {
        char moment[64];
        struct telling telling = telling_begin(moment, sizeof(moment), TELLING_IS_EN);

        telling_say_moment(&telling, calendar->zone, found->example_us);
        why = arena_print(arena, "%s; it would be for one that starts on %s", why, moment);
    }
    return why;
}

void codec_case_policy_check_targets(const struct case_policy *policy,
                                     const struct calendar *calendar, int64_t from_us,
                                     struct arena *arena, struct policy_faults *faults)
{
    struct clock_policy_fault found[CLOCK_POLICY_FAULTS];
    struct case_policy_taking taking = {arena, "policy.targets", faults};
    size_t count = clock_policy_check(&policy->targets, calendar, from_us, found);

    for (size_t i = 0; i < count; i++)
        codec_case_policy_fault(&taking, found[i].field, fault_text(&found[i], calendar, arena));
}
