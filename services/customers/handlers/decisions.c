/*
 * kehu.customers.v1.SaveDecisionEntry and RemoveDecisionEntry: who takes part in a customer's
 * decision (R7). The chain is read whole and guarded whole: a circle is made by two entries.
 */
#include <inttypes.h>
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec_decision.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/decision.h"

struct deciding {
    struct codec_decision_ask ask;
    struct command_receipt seen;
    struct file_row customer;
    struct scope_sight sight;
    struct decision_chain chain;
    bool is_linked;
    bool is_removing;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

static enum flow begin(struct request *req, enum status status,
                       const struct codec_file_faults *faults)
{
    struct deciding *r = req->state;

    if (status != OK)
        return people_refuse(req, status, faults);
    command_find(req, &r->seen);
    file_find(req, &r->ask.ref, &r->customer);
    return flow_wait(req, look);
}

enum flow handle_save_decision_entry(struct request *req)
{
    struct deciding *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};

    return begin(req,
                 codec_get_save_decision_entry(req->payload, req->payload_bytes, req->arena,
                                               &r->ask, &faults),
                 &faults);
}

enum flow handle_remove_decision_entry(struct request *req)
{
    struct deciding *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};

    r->is_removing = true;
    return begin(req,
                 codec_get_remove_decision_entry(req->payload, req->payload_bytes, req->arena,
                                                 &r->ask, &faults),
                 &faults);
}

static enum flow look(struct request *req)
{
    struct deciding *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    decision_list(req, &r->customer.id, &r->chain);
    decision_find_linked(req, &r->customer.id, &r->ask.entry.contact, &r->is_linked);
    return flow_wait(req, decide);
}

/* Somebody hidden has no name. */
static struct text name_of(const struct decision_entry *entry)
{
    return entry->name.bytes > 0 ? entry->name : TEXT_OF("…");
}

/* "李娜 → 王伟 → 李娜": who would report to whom. */
static const char *way_text(struct request *req, const struct decision_entry *const *way,
                            size_t count)
{
    struct text name = name_of(way[count - 1]);
    const char *text = arena_print(req->arena, "%.*s", (int)name.bytes, name.at);

    for (size_t i = 0; i < count && text; i++) {
        name = name_of(way[i]);
        text = arena_print(req->arena, "%s → %.*s", text, (int)name.bytes, name.at);
    }
    return text ? text : "";
}

/* False: *end. */
static bool check_superior(struct request *req, const struct deciding *r, enum flow *end)
{
    const struct decision_entry *way[DECISION_MAX_ENTRIES];
    const struct decision_entry *entry = &r->ask.entry;
    size_t count;

    if (!entry->has_superior)
        return true;
    if (memcmp(&entry->reports_to, &entry->contact, sizeof(struct id)) == 0) {
        flow_violation(req, "entry.reports_to", "is the contact himself");
        *end = flow_refuse(req, FAILED_PRECONDITION, "nobody reports to himself");
        return false;
    }
    if (!decision_find(&r->chain, &entry->reports_to)) {
        flow_violation(req, "entry.reports_to", "is not in the decision chain of this customer");
        *end = flow_refuse(req, FAILED_PRECONDITION, "the superior is not in the chain");
        return false;
    }
    count = decision_find_circle(&r->chain, &entry->contact, &entry->reports_to, way);
    if (count > 0) {
        flow_violation(req, "entry.reports_to", "would make a circle: %s",
                       way_text(req, way, count));
        *end = flow_refuse(req, FAILED_PRECONDITION, "people would report to each other");
        return false;
    }
    return true;
}

static bool check(struct request *req, const struct deciding *r, enum flow *end)
{
    const struct decision_entry *known = decision_find(&r->chain, &r->ask.entry.contact);

    if (r->ask.expected_version && r->ask.expected_version != (uint64_t)r->chain.version) {
        flow_violation(req, "expected_version", "is not %" PRId64, r->chain.version);
        *end = flow_refuse(req, FAILED_PRECONDITION, "the chain is at version %" PRId64,
                           r->chain.version);
        return false;
    }
    if (r->is_removing && !known) {
        flow_violation(req, "contact_id", "is not in the decision chain of this customer");
        *end = flow_refuse(req, NOT_FOUND, "the contact is not in the chain");
        return false;
    }
    if (r->is_removing)
        return true;
    if (!r->is_linked) {
        flow_violation(req, "entry.contact_id", "is no contact of this customer: link him first");
        *end = flow_refuse(req, FAILED_PRECONDITION, "the contact is not linked to the customer");
        return false;
    }
    if (!known && r->chain.count >= DECISION_MAX_ENTRIES) {
        *end = flow_refuse(req, FAILED_PRECONDITION, "the chain has %d people: that is all",
                           DECISION_MAX_ENTRIES);
        return false;
    }
    return check_superior(req, r, end);
}

/* After the change. */
static bool has_decider(const struct deciding *r)
{
    const char *decider = decision_roles[0];

    if (!r->is_removing && strcmp(r->ask.entry.role, decider) == 0)
        return true;
    for (size_t i = 0; i < r->chain.count; i++)
        if (strcmp(r->chain.list[i].role, decider) == 0 &&
            memcmp(&r->chain.list[i].contact, &r->ask.entry.contact, sizeof(struct id)) != 0)
            return true;
    return false;
}

static enum flow decide(struct request *req)
{
    struct deciding *r = req->state;
    const struct id *customer = &r->customer.id;
    const char *role = r->is_removing ? "" : r->ask.entry.role;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!people_admit_customer(req, &r->sight, "customer_ref", &r->ask.ref, &r->customer, &end) ||
        !check(req, r, &end))
        return end;
    decision_touch(req, customer, r->chain.version);
    if (r->is_removing)
        decision_remove(req, customer, &r->ask.entry.contact);
    else
        decision_put(req, customer, &r->ask.entry, file_change_by(req));
    uuid_print(customer, id);
    audit_add(req, "save decision chain", id, role);
    if (!file_change_tell(req, customer,
                          codec_decision_changed(customer, &r->ask.entry.contact, role,
                                                 has_decider(r), req->arena)))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_part_reply(&r->ask.entry.contact, r->chain.version + 1, req->arena));
}
