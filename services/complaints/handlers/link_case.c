/*
 * kehu.complaints.v1.LinkCase and SetSeverity: whose case it is, what it is about and how grave it
 * is. Severity and priority follow, and with them the clocks.
 *
 *   decode  → the receipt, the case, the rules, the customer
 *   look    → what the case repeats, as it comes to stand
 *   decide  → the fields, the weight; one commit
 */
#include <string.h>

#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_intake.h"

/* --- LinkCase --- */

struct linking {
    struct case_change change; /* first */
    struct codec_link ask;
    struct customer_ref customer;
    struct case_intake_persons persons;
};

static enum flow look(struct request *req);
static enum flow join_up(struct request *req);

enum flow handle_link_case(struct request *req)
{
    struct linking *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_link(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    if (r->ask.customer.bytes > 0 && !customer_ref_parse(r->ask.customer, &r->customer)) {
        flow_violation(req, "customer_ref", "must be " CUSTOMER_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "customer_ref must be " CUSTOMER_REF_FORMS);
    }
    next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            look);
    if (next == FLOW_WAIT)
        case_change_ask_worked(req, &r->change);
    if (next == FLOW_WAIT && r->ask.customer.bytes > 0) {
        struct pg_args *question = case_intake_ask_persons(req);

        case_intake_add_person(question, &r->customer, TEXT_OF(""));
        case_intake_find_persons(req, question, &r->persons);
    }
    return next;
}

static void take_links(struct case_file *after, const struct codec_link *ask)
{
    if (ask->order_number.bytes > 0)
        after->order_number = ask->order_number;
    if (ask->product.bytes > 0)
        after->product = ask->product;
    if (ask->batch.bytes > 0)
        after->batch = ask->batch;
}

/* False: *end refuses. One whom nobody knows yet is kept as he was named, and linked when he
 * appears. */
static bool take_customer(struct request *req, struct linking *r, enum flow *end)
{
    struct case_file *after = &r->change.after;
    const struct case_intake_person *person = r->persons.count > 0 ? &r->persons.list[0] : NULL;

    if (after->is_anonymous) {
        flow_violation(req, "customer_ref",
                       "the complainant is anonymous: open a case of his own and merge this one");
        *end = flow_refuse(req, FAILED_PRECONDITION, "an anonymous case is nobody's");
        return false;
    }
    if (!person && r->customer.kind != CUSTOMER_REF_EXTERNAL) {
        flow_violation(req, "customer_ref", "leads to no customer");
        *end = flow_refuse(req, FAILED_PRECONDITION, "no customer has this number or id");
        return false;
    }
    after->contact = (struct id){0};
    after->customer = person ? person->customer : (struct id){0};
    r->change.found.customer.grade = person ? person->grade : ' ';
    if (r->customer.kind == CUSTOMER_REF_EXTERNAL) {
        after->customer_source = r->customer.source;
        after->customer_external_id = r->customer.external_id;
    }
    return true;
}

static enum flow look(struct request *req)
{
    struct linking *r = req->state;
    enum flow end;

    if (r->ask.customer.bytes > 0 && !take_customer(req, r, &end))
        return end;
    take_links(&r->change.after, &r->ask);
    if (r->ask.has_contact)
        r->change.after.contact = r->ask.contact;
    cases_list_earlier_of(req, &r->change.after, &r->change.earlier);
    return flow_wait(req, join_up);
}

static enum flow join_up(struct request *req)
{
    struct linking *r = req->state;
    struct case_change *change = &r->change;

    change->weighs = true;
    if (!change->after.is_historic)
        (void)case_change_weigh(req, change); /* the links hold, also where it stays serious */
    change->act_name = "link";
    return case_change_commit(req, change, TEXT_OF(""), "");
}

/* --- SetSeverity --- */

struct weighing {
    struct case_change change; /* first */
    struct codec_set_severity ask;
};

static enum flow weigh(struct request *req);

enum flow handle_set_severity(struct request *req)
{
    struct weighing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_set_severity(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.weighs = true;
    next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            weigh);
    if (next == FLOW_WAIT)
        case_change_ask_worked(req, &r->change);
    return next;
}

static enum flow refuse_lifting(struct request *req, const struct weighing *r)
{
    const char *handler = r->change.found.handler_code;
    char needs[ROLE_NAMES_BYTES];

    role_print(case_rights_roles_for(CASE_RIGHT_DECIDE), needs);
    flow_violation(req, "severity",
                   "makes a complaint that is %s less than serious: another than its handler%s%s "
                   "decides that, who has one of: %s",
                   severity_name(r->change.found.file.severity), handler[0] ? " " : "", handler,
                   needs);
    return flow_refuse(req, FAILED_PRECONDITION,
                       "%s may not make this complaint less than serious: it takes another than "
                       "its handler%s%s, who has one of: %s",
                       who_name(req), handler[0] ? " " : "", handler, needs);
}

static enum flow weigh(struct request *req)
{
    struct weighing *r = req->state;
    struct case_file *after = &r->change.after;
    enum severity before = after->severity;

    if (case_is_ended(after->state)) {
        return refusal_of_state(req, after->state, "how grave it was is not changed any more");
    }
    after->safety = r->ask.safety;
    after->legal_or_media = r->ask.legal_or_media;
    after->amount_micros = r->ask.amount_micros;
    after->currency = r->ask.currency;
    if (!case_change_weigh(req, &r->change))
        return refuse_lifting(req, r);
    r->change.act_name = "set_severity";
    return case_change_commit(
        req, &r->change, r->ask.reason,
        arena_print(req->arena, "%s to %s", severity_name(before), severity_name(after->severity)));
}
