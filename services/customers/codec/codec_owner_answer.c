/*
 * Owners, the queue and service plans as answers, and the events of ownership.
 */
#include "common/pure/uuid.h"
#include "kehu/customers/v1/owners.pb-c.h"
#include "services/customers/codec/codec_owner.h"
#include "services/customers/codec/codec_value.h"

_Static_assert((int)OWNER_STATE_IS_NOBODYS == KEHU__CUSTOMERS__V1__OWNER_STATE__OWNER_STATE_NONE &&
                   (int)OWNER_STATE_IS_WAITING ==
                       KEHU__CUSTOMERS__V1__OWNER_STATE__OWNER_STATE_WAITING &&
                   (int)OWNER_STATE_IS_POOL == KEHU__CUSTOMERS__V1__OWNER_STATE__OWNER_STATE_POOL &&
                   (int)OWNER_ROLE_IS_TEAM == KEHU__CUSTOMERS__V1__OWNER_ROLE__OWNER_ROLE_TEAM,
               "states and roles have the same numbers on the wire");

static const ProtobufCMessage *whole(ProtobufCMessage *message, const struct arena *arena)
{
    return arena_is_full(arena) ? NULL : message;
}

static void fill_owner(const struct owner_interval *interval, struct arena *arena,
                       Kehu__Customers__V1__Owner *out)
{
    kehu__customers__v1__owner__init(out);
    if (!uuid_is_none(&interval->id)) /* answers to changes do not name it */
        out->id = codec_value_id(&interval->id, arena);
    out->staff = codec_value_text(interval->staff, arena);
    out->name = codec_value_text(interval->name, arena);
    out->role = (Kehu__Customers__V1__OwnerRole)interval->role;
    out->from = codec_value_time(interval->from_us, arena);
    out->to = codec_value_time_or_absent(interval->to_us, arena);
    out->by = codec_value_text(interval->by, arena);
    out->reason = codec_value_text(interval->reason, arena);
    out->note = codec_value_text(interval->note, arena);
    out->ended_by = codec_value_text(interval->ended_by, arena);
    out->end_reason = codec_value_text(interval->end_reason, arena);
    out->rule = codec_value_text(interval->rule, arena);
    out->deputy = codec_value_text(interval->deputy, arena);
}

const ProtobufCMessage *codec_owners(const struct codec_owners *owners, struct arena *arena)
{
    size_t count = owners->intervals->count;
    Kehu__Customers__V1__Owners *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Owner *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__owners__init(out);
    out->id = codec_value_id(&owners->customer, arena);
    out->number = codec_value_number(owners->number, arena);
    out->state = (Kehu__Customers__V1__OwnerState)owners->state;
    for (size_t i = 0; i < count; i++)
        fill_owner(&owners->intervals->list[i], arena, &list[i]);
    out->owners = codec_ask_pointers(list, count, sizeof(*list), arena);
    out->n_owners = count;
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_unassigned_list(const struct codec_unassigned *rows, size_t count,
                                              const char *next, struct arena *arena)
{
    Kehu__Customers__V1__UnassignedList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Unassigned *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__unassigned_list__init(out);
    for (size_t i = 0; i < count; i++) {
        Kehu__Customers__V1__Unassigned *one = &list[i];

        kehu__customers__v1__unassigned__init(one);
        one->id = codec_value_id(&rows[i].customer, arena);
        one->number = codec_value_number(rows[i].number, arena);
        one->name = codec_value_text(rows[i].name, arena);
        one->grade = codec_value_text(rows[i].grade, arena);
        one->region = codec_value_text(rows[i].region, arena);
        if (rows[i].manager) {
            one->manager = codec_value_text(rows[i].manager->code, arena);
            one->manager_name = codec_value_text(rows[i].manager->name, arena);
        }
        one->since = codec_value_time_or_absent(rows[i].since_us, arena);
        one->alerted = rows[i].is_alerted;
    }
    out->customers = codec_ask_pointers(list, count, sizeof(*list), arena);
    out->n_customers = count;
    out->next_page_token = (char *)next;
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_owner_rules_run(uint64_t waiting,
                                              const struct codec_rule_outcome *outcomes,
                                              size_t count, struct arena *arena)
{
    Kehu__Customers__V1__OwnerRulesRun *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__OwnerRuleOutcome *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__owner_rules_run__init(out);
    out->waiting = waiting;
    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__owner_rule_outcome__init(&list[i]);
        list[i].rule = codec_value_text(outcomes[i].rule, arena);
        list[i].customers = outcomes[i].customers;
        list[i].without_taker = outcomes[i].without_taker;
    }
    out->outcomes = codec_ask_pointers(list, count, sizeof(*list), arena);
    out->n_outcomes = count;
    return whole(&out->base, arena);
}

static void *fill_items(const struct text *codes, size_t count, struct arena *arena)
{
    Kehu__Customers__V1__ServicePlanItem *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++) {
        struct service_plan_words words = service_plan_words(codes[i]);

        kehu__customers__v1__service_plan_item__init(&list[i]);
        list[i].code = codec_value_text(codes[i], arena);
        list[i].english = words.english ? (char *)words.english : list[i].code;
        list[i].chinese = words.chinese ? (char *)words.chinese : list[i].code;
    }
    return codec_ask_pointers(list, list ? count : 0, sizeof(*list), arena);
}

const ProtobufCMessage *codec_customer_plan(const struct codec_customer_plan *customer,
                                            struct arena *arena)
{
    const struct service_plan *plan = customer->plan;
    Kehu__Customers__V1__CustomerServicePlan *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_service_plan__init(out);
    out->id = codec_value_id(&customer->customer, arena);
    out->number = codec_value_number(customer->number, arena);
    if (customer->grade != ' ')
        out->grade = arena_copy_text(arena, &customer->grade, 1);
    out->plan = codec_value_text(plan->grade, arena);
    out->policy_version = customer->policy_version;
    out->measures = fill_items(plan->measures, plan->measure_count, arena);
    out->n_measures = plan->measure_count;
    out->privileges = fill_items(plan->privileges, plan->privilege_count, arena);
    out->n_privileges = plan->privilege_count;
    out->cadence_months = plan->cadence_months;
    out->deep_only = plan->deep_only;
    if (customer->since != INT32_MIN)
        out->since = codec_value_day(customer->since, arena);
    out->owner = codec_value_text(customer->owner, arena);
    return whole(&out->base, arena);
}

/* --- events --- */

static char *id_or_empty(const struct id *id, struct arena *arena)
{
    return id ? codec_value_id(id, arena) : "";
}

const ProtobufCMessage *codec_owner_changed(const struct codec_owner_change *change,
                                            struct arena *arena)
{
    Kehu__Customers__V1__OwnerChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__owner_changed__init(out);
    out->customer_id = codec_value_id(&change->customer, arena);
    out->staff_id = id_or_empty(change->to, arena);
    out->from_staff_id = id_or_empty(change->from, arena);
    out->reason = (char *)change->reason;
    out->handover_id = id_or_empty(change->handover, arena);
    out->historic = change->is_historic;
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_team_changed(const struct id *customer, const struct id *staff,
                                           size_t count, struct arena *arena)
{
    Kehu__Customers__V1__TeamChanged *out = arena_take(arena, sizeof(*out));
    char **ids = arena_take_array(arena, count, sizeof(*ids));

    if (!out || !ids)
        return NULL;
    kehu__customers__v1__team_changed__init(out);
    out->customer_id = codec_value_id(customer, arena);
    for (size_t i = 0; i < count; i++)
        ids[i] = codec_value_id(&staff[i], arena);
    out->staff_ids = ids;
    out->n_staff_ids = count;
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_customer_unowned(const struct id *customer, char grade,
                                               const struct id *manager, struct arena *arena)
{
    Kehu__Customers__V1__CustomerUnowned *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_unowned__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->grade = arena_copy_text(arena, &grade, 1);
    out->manager_id = id_or_empty(manager, arena);
    return whole(&out->base, arena);
}
