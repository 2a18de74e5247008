/*
 * kehu.customers.v1.LinkContact and UnlinkContact: a contact of one more customer, with other words
 * there, or of one less.
 */
#include <string.h>

#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/timeline.h"

struct linking {
    struct codec_contact_ask ask;
    struct command_receipt seen;
    struct people_found found;
    struct file_row customer;
    struct scope_sight sight;
    bool is_unlinking;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

static enum flow begin(struct request *req, enum status status, struct codec_file_faults *faults)
{
    struct linking *r = req->state;

    if (status != OK)
        return people_refuse(req, status, faults);
    command_find(req, &r->seen);
    people_ask(req, &r->ask.contact, &r->found);
    file_find(req, &r->ask.links->ref, &r->customer);
    return flow_wait(req, look);
}

enum flow handle_link_contact(struct request *req)
{
    struct linking *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};

    return begin(req,
                 codec_get_link_contact(req->payload, req->payload_bytes, people_today(req),
                                        req->arena, &r->ask, &faults),
                 &faults);
}

enum flow handle_unlink_contact(struct request *req)
{
    struct linking *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};

    r->is_unlinking = true;
    return begin(req,
                 codec_get_unlink_contact(req->payload, req->payload_bytes, people_today(req),
                                          req->arena, &r->ask, &faults),
                 &faults);
}

static const char *field_of(const struct linking *r)
{
    return r->is_unlinking ? "customer_ref" : "link.customer_ref";
}

static enum flow look(struct request *req)
{
    struct linking *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!people_has_customer(req, field_of(r), &r->customer, &end))
        return end;
    r->ask.links->link.customer = r->customer.id;
    scope_look(req, &r->customer.id, &r->sight);
    return flow_wait(req, decide);
}

/* Whoever was merged or erased still loses a contact. */
static bool admits(struct request *req, struct linking *r, enum flow *end)
{
    return r->is_unlinking ? scope_admits(req, &r->sight, end)
                           : people_admit_customer(req, &r->sight, field_of(r), &r->ask.links->ref,
                                                   &r->customer, end);
}

static bool is_linked(const struct linking *r)
{
    for (size_t i = 0; i < r->found.customers.count; i++)
        if (memcmp(&r->found.customers.list[i], &r->customer.id, sizeof(struct id)) == 0)
            return true;
    return false;
}

/* What cannot be is refused by *end. */
static bool check(struct request *req, const struct linking *r, enum flow *end)
{
    char number[CUSTOMER_REF_NUMBER_BYTES];
    bool linked = is_linked(r);

    customer_ref_print_number(r->customer.number, number);
    if (linked && !r->is_unlinking && !r->ask.changes_link) {
        flow_violation(req, "link.customer_ref", "is %s, whose contact he is already: say change",
                       number);
        *end = flow_refuse(req, ALREADY_EXISTS, "the contact is linked to %s already", number);
    } else if (!linked && (r->is_unlinking || r->ask.changes_link)) {
        flow_violation(req, field_of(r), "is %s, whose contact he is not", number);
        *end = flow_refuse(req, NOT_FOUND, "the contact is not linked to %s", number);
    } else if (r->is_unlinking && r->found.customers.count == 1) {
        *end = flow_refuse(req, FAILED_PRECONDITION,
                           "%s is his only customer, and without one he would be nobody's: link "
                           "him to another first, or save him with state left",
                           number);
    } else if (!linked && r->found.customers.count >= CONTACT_MAX_LINKS) {
        *end = flow_refuse(req, FAILED_PRECONDITION, "the contact has %d customers: that is all",
                           CONTACT_MAX_LINKS);
    } else {
        return true;
    }
    return false;
}

/* The link is gone then; the timeline alone remembers it. */
static void unlink_contact(struct request *req, const struct id *contact, const struct id *customer)
{
    char id[UUID_TEXT_BYTES];
    const struct timeline_fact fact = {.kind = "contact_unlinked", .ref = id};

    uuid_print(contact, id);
    contact_remove_link(req, contact, customer);
    timeline_add(req, customer, &fact);
}

static enum flow decide(struct request *req)
{
    static const char *const changed[] = {"links"};
    struct linking *r = req->state;
    const struct contact_link *link = &r->ask.links->link;
    enum flow end;
    struct contact *contact = people_admit_change(req, &r->found, r->ask.expected_version, &end);

    if (!contact || !admits(req, r, &end) || !check(req, r, &end))
        return end;
    contact_touch(req, &contact->id, contact->version);
    if (r->is_unlinking)
        unlink_contact(req, &contact->id, &link->customer);
    else if (r->ask.changes_link)
        contact_change_link(req, &contact->id, link);
    else
        contact_add_link(req, &contact->id, link, file_change_by(req));
    if (!r->is_unlinking && link->is_primary)
        contact_keep_primary(req, &contact->id, &link->customer);
    if (!people_tell(req, contact, &r->found.customers, is_linked(r) ? NULL : &link->customer,
                     changed, 1, contact->version + 1))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_contact_reply(&contact->id, contact->version + 1, NULL, NULL, 0, req->arena));
}
