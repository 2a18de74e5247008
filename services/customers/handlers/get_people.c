/*
 * kehu.customers.v1.GetPeople, GetDecisionChain and ListWithoutDecider: who is at a customer and
 * who decides, with a warning where nobody does. Names are shown, so the readings are audited.
 */
#include <stdio.h>

#include "common/audit.h"
#include "common/policy.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec_decision.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/decision.h"

#define MAX_PEOPLE 100

struct reading {
    struct customer_question ref;
    bool unmask, is_chain_alone;
    struct file_row customer;
    struct scope_sight sight;
    struct decision_chain chain;
    struct decision_size size;
    struct policy_rows rows;
    struct decision_need need;
    struct contact_ids ids;
    struct contacts contacts;
};

static enum flow look(struct request *req);
static enum flow load(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_people(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_get_people(req->payload, req->payload_bytes, req->arena, &r->ref,
                                              &r->unmask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    file_find(req, &r->ref, &r->customer);
    return flow_wait(req, look);
}

enum flow handle_get_decision_chain(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    struct codec_decision_ask ask = {.expected_version = 0};
    enum status status =
        codec_get_get_decision_chain(req->payload, req->payload_bytes, req->arena, &ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    r->ref = ask.ref;
    r->is_chain_alone = true;
    file_find(req, &r->ref, &r->customer);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct reading *r = req->state;
    enum flow end;

    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    decision_list(req, &r->customer.id, &r->chain);
    decision_find_size(req, &r->customer.id, &r->size);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_PEOPLE), &r->rows);
    if (!r->is_chain_alone)
        contact_list_people(req, &r->customer.id, MAX_PEOPLE + 1, &r->ids);
    return flow_wait(req, load);
}

static enum flow load(struct request *req)
{
    struct reading *r = req->state;
    struct codec_policy policy;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (codec_policy_find(&r->rows, CODEC_POLICY_PEOPLE, 0, req->arena, &policy) != OK)
        return flow_refuse(req, INTERNAL, "policy people cannot be read");
    decision_sort(&r->chain);
    /* Key accounts are not kept yet: grade and size alone ask for a decider. */
    r->need = decision_need_of(r->customer.grade, false, r->size.staff_count,
                               policy.people.large_staff_from);
    if (r->ids.count > 0)
        contact_load(req, r->ids.list, r->ids.count > MAX_PEOPLE ? MAX_PEOPLE : r->ids.count,
                     &r->contacts);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct reading *r = req->state;
    char id[UUID_TEXT_BYTES];

    contact_settle(&r->contacts);
    people_open_channels(req, &r->contacts, r->unmask);
    uuid_print(&r->customer.id, id);
    audit_add(req, "read people", id, r->unmask ? "unmasked" : "masked");
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct reading *r = req->state;
    const struct codec_decision_view view = {&r->customer.id, r->customer.number, &r->chain,
                                             r->need};
    struct codec_contact_view *contacts;

    if (r->is_chain_alone)
        return flow_reply(req, codec_decision_chain(&view, req->arena));
    contacts = people_view(req, &r->contacts);
    return flow_reply(req, contacts
                               ? codec_people(&view, r->customer.name, contacts, r->contacts.count,
                                              r->ids.count > MAX_PEOPLE, req->arena)
                               : NULL);
}

/* --- who has no decider --- */

struct lacking {
    struct codec_lack_ask ask;
    struct policy_rows rows;
    struct decision_lacks found;
    bool has_next;
};

static enum flow list_lacks(struct request *req);
static enum flow audit_lacks(struct request *req);
static enum flow answer_lacks(struct request *req);

enum flow handle_list_without_decider(struct request *req)
{
    struct lacking *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_list_without_decider(req->payload, req->payload_bytes,
                                                        req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_PEOPLE), &r->rows);
    return flow_wait(req, list_lacks);
}

static enum flow list_lacks(struct request *req)
{
    struct lacking *r = req->state;
    struct codec_policy policy;

    if (codec_policy_find(&r->rows, CODEC_POLICY_PEOPLE, 0, req->arena, &policy) != OK)
        return flow_refuse(req, INTERNAL, "policy people cannot be read");
    const struct decision_lack_question question = {r->ask.wants_a, r->ask.wants_large,
                                                    policy.people.large_staff_from,
                                                    r->ask.page_size, r->ask.after_number};

    decision_list_lacks(req, &question, &r->found);
    return flow_wait(req, audit_lacks);
}

static enum flow audit_lacks(struct request *req)
{
    struct lacking *r = req->state;
    char detail[40];

    r->has_next = r->found.count > r->ask.page_size;
    if (r->has_next)
        r->found.count = r->ask.page_size;
    if (r->found.count == 0)
        return flow_go(req, answer_lacks);
    snprintf(detail, sizeof(detail), "%zu names", r->found.count);
    audit_add(req, "list customers", "", detail);
    return flow_commit(req, answer_lacks);
}

static enum flow answer_lacks(struct request *req)
{
    struct lacking *r = req->state;
    struct codec_lack *lacks = arena_take_array(req->arena, r->found.count, sizeof(*lacks));
    char next[CUSTOMER_REF_NUMBER_BYTES] = "";

    for (size_t i = 0; lacks && i < r->found.count; i++) {
        const struct decision_lack *from = &r->found.list[i];

        lacks[i] = (struct codec_lack){from->id,
                                       from->number,
                                       from->name,
                                       {from->is_grade_a, false, from->is_large},
                                       from->entries};
    }
    if (r->has_next)
        customer_ref_print_number(r->found.list[r->found.count - 1].number, next);
    return flow_reply(
        req, lacks ? codec_without_decider_list(lacks, r->found.count, next, req->arena) : NULL);
}
