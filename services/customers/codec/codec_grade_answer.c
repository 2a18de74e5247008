/*
 * Grades, runs and their reports as answers.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/grades.pb-c.h"
#include "services/customers/codec/codec_grade.h"
#include "services/customers/codec/codec_value.h"

_Static_assert((int)GRADE_RUN_STATE_IS_RUNNING ==
                       KEHU__CUSTOMERS__V1__GRADE_RUN_STATE__GRADE_RUN_STATE_RUNNING &&
                   (int)GRADE_RUN_STATE_IS_FINISHED ==
                       KEHU__CUSTOMERS__V1__GRADE_RUN_STATE__GRADE_RUN_STATE_FINISHED &&
                   (int)GRADE_RUN_STATE_IS_FAILED ==
                       KEHU__CUSTOMERS__V1__GRADE_RUN_STATE__GRADE_RUN_STATE_FAILED,
               "states have the same numbers on the wire");

static const struct {
    enum grade_flag flag;
    const char *name;
} flag_names[] = {
    {GRADE_FLAG_NOT_LONG_TERM, "not_long_term"},
    {GRADE_FLAG_OVER_100_PERCENT, "over_100_percent"},
    {GRADE_FLAG_REGION_NOT_POSITIVE, "region_total_not_positive"},
    {GRADE_FLAG_UNKNOWN_REGION, "unknown_region"},
    {GRADE_FLAG_OVERRIDDEN, "overridden"},
    {GRADE_FLAG_DEMOTION_HELD, "demotion_held"},
    {GRADE_FLAG_GRADED_WITH_PARENT, "graded_with_parent"},
};

/* An array of pointers to the elements of a list, as protobuf-c wants it; NULL: the arena is full.
 */
static void *pointers_to(void *list, size_t count, size_t size, struct arena *arena)
{
    char **pointers = arena_take_array(arena, count, sizeof(*pointers));

    for (size_t i = 0; pointers && i < count; i++)
        pointers[i] = (char *)list + i * size;
    return pointers;
}

static char *letter(enum grade grade, struct arena *arena)
{
    char text[2] = {grade_letter(grade), '\0'};

    return arena_copy_text(arena, text, strlen(text));
}

/* "0.197917"; empty without a share. */
static char *share_text(int64_t numerator_micros, int64_t denominator_micros, struct arena *arena)
{
    const struct grade_figures figures = {.numerator_micros = numerator_micros,
                                          .denominator_micros = denominator_micros};
    int64_t share;

    if (!grade_share_micros(&figures, &share))
        return arena_copy_text(arena, "", 0);
    uint64_t size = share < 0 ? -(uint64_t)share : (uint64_t)share;

    return arena_print(arena, "%s%llu.%06llu", share < 0 ? "-" : "",
                       (unsigned long long)(size / 1000000), (unsigned long long)(size % 1000000));
}

/* The ref, or the number where there is none. */
static char *ref_text(struct text ref, int64_t number, struct arena *arena)
{
    return ref.bytes > 0 ? codec_value_text(ref, arena) : codec_value_number(number, arena);
}

static void fill_customer(const struct grade_customer *customer, struct arena *arena,
                          Kehu__Customers__V1__GradedCustomer *out)
{
    kehu__customers__v1__graded_customer__init(out);
    out->ref = ref_text(customer->ref, customer->number, arena);
    out->number = codec_value_number(customer->number, arena);
    out->grade = letter(customer->grade, arena);
    out->region = codec_value_text(customer->region, arena);
    out->numerator_micros = customer->numerator_micros;
    out->denominator_micros = customer->denominator_micros;
    out->share = share_text(customer->numerator_micros, customer->denominator_micros, arena);
    out->long_term = customer->is_long_term;
    out->flags = arena_take_array(arena, COUNT_OF(flag_names), sizeof(*out->flags));
    for (size_t i = 0; out->flags && i < COUNT_OF(flag_names); i++)
        if (customer->flags & (uint32_t)flag_names[i].flag)
            out->flags[out->n_flags++] = (char *)flag_names[i].name;
    if (!customer->has_run)
        return;
    out->as_of = codec_value_day(customer->as_of, arena);
    out->run_id = codec_value_id(&customer->run, arena);
}

static Kehu__Customers__V1__GradedCustomer **put_customers(const struct grade_customers *customers,
                                                           struct arena *arena)
{
    Kehu__Customers__V1__GradedCustomer *list =
        arena_take_array(arena, customers->count, sizeof(*list));

    for (size_t i = 0; list && i < customers->count; i++)
        fill_customer(&customers->list[i], arena, &list[i]);
    return pointers_to(list, customers->count, sizeof(*list), arena);
}

static char **put_texts(const struct text *texts, size_t count, struct arena *arena)
{
    char **list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++)
        list[i] = codec_value_text(texts[i], arena);
    return list;
}

static void fill_report(const struct grade_report *report, struct arena *arena,
                        Kehu__Customers__V1__GradeReport *out)
{
    Kehu__Customers__V1__AsideAmount *aside =
        arena_take_array(arena, report->aside_count, sizeof(*aside));

    kehu__customers__v1__grade_report__init(out);
    out->a = report->a;
    out->b = report->b;
    out->c = report->c;
    out->changed = report->changed;
    out->held_demotions = report->held_demotions;
    out->regions_without_a =
        put_texts(report->regions_without_a, report->regions_without_a_count, arena);
    out->n_regions_without_a = report->regions_without_a_count;
    out->largest_c = put_customers(&report->largest_c, arena);
    out->n_largest_c = report->largest_c.count;
    out->a_below_median = put_customers(&report->a_below_median, arena);
    out->n_a_below_median = report->a_below_median.count;
    out->unmapped_regions =
        put_texts(report->unmapped_regions, report->unmapped_region_count, arena);
    out->n_unmapped_regions = report->unmapped_region_count;
    for (size_t i = 0; aside && i < report->aside_count; i++) {
        kehu__customers__v1__aside_amount__init(&aside[i]);
        aside[i].currency = (char *)report->aside[i].currency;
        aside[i].net_micros = report->aside[i].net_micros;
    }
    out->aside = pointers_to(aside, report->aside_count, sizeof(*aside), arena);
    out->n_aside = report->aside_count;
}

const char *codec_grade_report_json(const struct grade_report *report, struct arena *arena)
{
    Kehu__Customers__V1__GradeReport message;

    fill_report(report, arena, &message);
    if (arena_is_full(arena))
        return NULL;
    json_t *json = json_from_message(&message.base, false, registry_find);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    const char *copy = text ? arena_copy_text(arena, text, strlen(text)) : NULL;

    free(text);
    json_decref(json);
    return copy;
}

/* A stored report; NULL when there is none, or one that this program does not understand. */
static Kehu__Customers__V1__GradeReport *read_report(const char *text, struct arena *arena)
{
    json_t *json = text && text[0] ? json_loads(text, 0, NULL) : NULL;
    ProtobufCMessage *message = NULL;
    char why[100];

    if (json && json_to_message(json, &kehu__customers__v1__grade_report__descriptor, arena,
                                registry_find, &message, why, sizeof(why)) != OK)
        message = NULL;
    json_decref(json);
    return (Kehu__Customers__V1__GradeReport *)message;
}

static void fill_run(const struct grade_run *run, struct arena *arena,
                     Kehu__Customers__V1__GradeRun *out)
{
    kehu__customers__v1__grade_run__init(out);
    out->run_id = codec_value_id(&run->id, arena);
    out->as_of = codec_value_day(run->as_of, arena);
    out->window_from = codec_value_day(run->window_from, arena);
    out->state = (Kehu__Customers__V1__GradeRunState)run->state;
    out->policy_version = run->policy_version;
    out->method = (Kehu__Customers__V1__GradeMethod)run->method;
    out->long_term_days = run->long_term_days;
    out->dry_run = run->is_dry;
    out->done = run->done;
    out->total = run->total;
    out->started_at = codec_value_time(run->started_at_us, arena);
    out->finished_at = codec_value_time_or_absent(run->finished_at_us, arena);
    out->report = read_report(run->report, arena);
    if (out->report && run->hides_customers)
        out->report->n_largest_c = out->report->n_a_below_median = 0;
    if (run->failure)
        out->failure = (char *)run->failure;
}

const ProtobufCMessage *codec_grade_run(const struct grade_run *run, struct arena *arena)
{
    Kehu__Customers__V1__GradeRun *out = arena_take(arena, sizeof(*out));

    if (out)
        fill_run(run, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_grade_run_list(const struct grade_run *runs, size_t count,
                                             struct arena *arena)
{
    Kehu__Customers__V1__GradeRunList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__GradeRun *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__grade_run_list__init(out);
    for (size_t i = 0; i < count; i++)
        fill_run(&runs[i], arena, &list[i]);
    out->runs = pointers_to(list, count, sizeof(*list), arena);
    out->n_runs = count;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_grade_list(const struct grade_customers *customers,
                                         const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__GradeList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__grade_list__init(out);
    out->customers = put_customers(customers, arena);
    out->n_customers = customers->count;
    if (next_page_token)
        out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_grade_customer(const struct grade_customer *customer,
                                             struct arena *arena)
{
    Kehu__Customers__V1__GradedCustomer *out = arena_take(arena, sizeof(*out));

    if (out)
        fill_customer(customer, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_grade_held(const struct grade_held *held, size_t count,
                                         struct arena *arena)
{
    Kehu__Customers__V1__HeldDemotions *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__HeldDemotion *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__held_demotions__init(out);
    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__held_demotion__init(&list[i]);
        list[i].ref = ref_text(held[i].ref, held[i].number, arena);
        list[i].number = codec_value_number(held[i].number, arena);
        list[i].from = letter(held[i].from, arena);
        list[i].to = letter(held[i].to, arena);
        list[i].since = codec_value_day(held[i].since, arena);
        list[i].decide_by = codec_value_day(held[i].decide_by, arena);
    }
    out->demotions = pointers_to(list, count, sizeof(*list), arena);
    out->n_demotions = count;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_grade_moves(const struct grade_mover *moves, size_t count,
                                          const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__GradeMoves *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__GradeMove *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__grade_moves__init(out);
    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__grade_move__init(&list[i]);
        list[i].ref = ref_text(moves[i].ref, moves[i].number, arena);
        list[i].number = codec_value_number(moves[i].number, arena);
        list[i].from = letter(moves[i].from, arena);
        list[i].to = letter(moves[i].to, arena);
        list[i].net_micros = moves[i].net_micros;
    }
    out->moves = pointers_to(list, count, sizeof(*list), arena);
    out->n_moves = count;
    if (next_page_token)
        out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_grade_changed(const struct codec_grade_change *change,
                                            struct arena *arena)
{
    Kehu__Customers__V1__GradeChanged *out = arena_take(arena, sizeof(*out));
    const struct grade_current *current = change->current;

    if (!out)
        return NULL;
    kehu__customers__v1__grade_changed__init(out);
    out->customer_id = codec_value_id(&current->customer, arena);
    out->from = letter(change->from, arena);
    out->to = letter(current->grade, arena);
    out->as_of = codec_value_day(change->as_of, arena);
    if (change->by_run)
        out->run_id = codec_value_id(&current->run, arena);
    out->reason = (char *)change->reason;
    out->historic = change->is_historic;
    return arena_is_full(arena) ? NULL : &out->base;
}

static Kehu__Customers__V1__GradeHistory **put_history(const struct codec_grade_explained *what,
                                                       struct arena *arena)
{
    Kehu__Customers__V1__GradeHistory *list =
        arena_take_array(arena, what->history_count, sizeof(*list));

    for (size_t i = 0; list && i < what->history_count; i++) {
        const struct grade_history *entry = &what->history[i];

        kehu__customers__v1__grade_history__init(&list[i]);
        list[i].as_of = codec_value_day(entry->as_of, arena);
        list[i].grade = letter(entry->grade, arena);
        if (entry->has_run)
            list[i].run_id = codec_value_id(&entry->run, arena);
        list[i].reason = (char *)entry->reason;
        list[i].at = codec_value_time(entry->at_us, arena);
        list[i].policy_version = entry->policy_version;
        list[i].share = share_text(entry->numerator_micros, entry->denominator_micros, arena);
    }
    return pointers_to(list, what->history_count, sizeof(*list), arena);
}

const ProtobufCMessage *codec_grade_explanation(const struct codec_grade_explained *what,
                                                struct arena *arena)
{
    Kehu__Customers__V1__GradeExplanation *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__GradedCustomer *now = arena_take(arena, sizeof(*now));

    if (!out || !now)
        return NULL;
    kehu__customers__v1__grade_explanation__init(out);
    fill_customer(&what->now, arena, now);
    out->sentence = (char *)what->sentence;
    out->now = now;
    out->window_from = codec_value_day(what->window_from, arena);
    out->as_of = codec_value_day(what->as_of, arena);
    out->policy_version = what->policy->version;
    out->policy = (Kehu__Customers__V1__GradePolicy *)what->policy->document;
    if (what->first_purchase != INT32_MIN)
        out->first_purchase_on = codec_value_day(what->first_purchase, arena);
    out->history = put_history(what, arena);
    out->n_history = what->history_count;
    out->run_id = codec_value_id(&what->run, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
