#include "services/customers/handlers/owners.h"

#include <string.h>

#include "common/log.h"
#include "common/service.h"
#include "services/customers/domain/order.h"

enum flow owners_refuse_question(struct request *req, enum status status,
                                 const struct codec_ask_fault *fault)
{
    if (status != INVALID_ARGUMENT)
        return flow_refuse_large(req);
    flow_violation(req, fault->field, "%s", fault->why);
    return flow_refuse(req, status, "the question about owners cannot be answered as asked");
}

int32_t owners_today(const struct request *req)
{
    return zone_day(&req->service->zone, req->now_us);
}

bool owners_check_taker(struct request *req, const char *field, const struct owner_person *person,
                        enum flow *end)
{
    enum owner_taking taking = owner_may_take(person);

    if (taking == OWNER_TAKES)
        return true;
    flow_violation(req, field, "%s", owner_taking_text(taking));
    *end = flow_refuse(req, taking == OWNER_IS_UNKNOWN ? NOT_FOUND : FAILED_PRECONDITION,
                       "nobody can look after customers under this code");
    return false;
}

bool owners_tell(struct request *req, const struct id *subject, const ProtobufCMessage *event)
{
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, subject, packed.bytes, packed.count);
    return true;
}

static void end_present(struct request *req, const struct owners_change *change)
{
    const struct owner_standing *standing = change->standing;
    const struct owner_ending ending = {
        .customer = standing->customer,
        .interval = standing->interval,
        .at_us = req->now_us,
        .by = change->by,
        .reason = change->end_reason ? change->end_reason : change->reason,
    };

    if (standing->has_owner)
        owner_end(req, &ending);
    if (change->to)
        owner_end_team_of(req, &ending, &change->to->id);
}

static void add_next(struct request *req, const struct owners_change *change)
{
    const struct owner_adding adding = {
        .customer = change->standing->customer,
        .id = request_new_id(req),
        .staff = change->to->id,
        .role = OWNER_ROLE_IS_OWNER,
        .from_us = change->from_us,
        .by = change->by,
        .reason = change->reason,
        .note = change->note,
        .rule = change->rule,
        .handover = change->handover,
    };

    owner_guard_person(req, &change->to->id);
    owner_add(req, &adding);
}

bool owners_change(struct request *req, const struct owners_change *change)
{
    const struct owner_standing *standing = change->standing;
    const struct codec_owner_change told = {
        .customer = standing->customer,
        .to = change->to ? &change->to->id : NULL,
        .from = standing->has_owner ? &standing->owner : NULL,
        .handover = change->handover,
        .reason = change->reason,
        .is_historic = change->to && change->from_us < req->now_us - ORDER_HISTORIC_AFTER_US,
    };

    owner_save_state(req, standing, change->state);
    end_present(req, change);
    if (change->to)
        add_next(req, change);
    if (standing->has_owner && !change->keeps_items)
        owner_overtake(req, &standing->customer, req->now_us);
    if (!standing->has_owner && !change->to)
        return true; /* nobody has another owner */
    return owners_tell(req, &standing->customer, codec_owner_changed(&told, req->arena));
}

void owners_add_team(struct request *req, const struct id *customer,
                     const struct owner_person *person, const char *by, const char *reason,
                     struct text note, struct text rule)
{
    const struct owner_adding adding = {
        .customer = *customer,
        .id = request_new_id(req),
        .staff = person->id,
        .role = OWNER_ROLE_IS_TEAM,
        .from_us = req->now_us,
        .by = by,
        .reason = reason,
        .note = note,
        .rule = rule,
    };

    owner_guard_person(req, &person->id);
    owner_add(req, &adding);
}

/* --- policies --- */

bool owners_read_policy(struct request *req, const struct policy_rows *rows,
                        enum codec_policy_kind kind, struct codec_policy *out, enum flow *end)
{
    enum status status = codec_policy_find(rows, kind, 0, req->arena, out);

    if (status == OK)
        return true;
    *end = flow_refuse(req, status, "the policy %s in force cannot be read",
                       codec_policy_kind_name(kind));
    return false;
}

bool owners_ask_people(struct request *req, const struct owner_rules *rules,
                       struct owner_people *out)
{
    struct owner_names names = {.counts_customers = true};
    size_t room = owner_rules_count_staff(rules), count = 0;

    for (size_t i = 0; i < rules->count; i++)
        room += rules->list[i].team.count;
    struct text *codes = arena_take_array(req->arena, room, sizeof(*codes));

    if (!codes)
        return false;
    for (size_t i = 0; i < rules->count; i++) {
        const struct owner_words *parts[] = {&rules->list[i].staff, &rules->list[i].team};

        for (size_t k = 0; k < COUNT_OF(parts); k++)
            for (size_t w = 0; w < parts[k]->count; w++)
                codes[count++] = parts[k]->list[w];
    }
    names.codes = codes;
    names.code_count = count;
    owner_list_people(req, &names, owners_today(req), out);
    return true;
}

bool owners_resolve(struct request *req, struct owner_rules *rules,
                    const struct owner_people *people)
{
    struct owner_person **places =
        arena_take_array(req->arena, owner_rules_count_staff(rules), sizeof(struct owner_person *));

    if (!places)
        return false;
    owner_rules_resolve(rules, people, places);
    return true;
}
