/*
 * kehu.customers.v1.GetCustomer: find him, then his references, figures and latest documents in one
 * trip. The file shows a name, so the reading of it is audited.
 */
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/customer.h"

struct getting {
    struct customer_question question;
    struct found_customer customer;
    struct scope_sight sight;
};

static enum flow ask_parts(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_customer(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    char field[100], why[300];
    enum status status =
        codec_get_get_customer(req->payload, req->payload_bytes, req->arena, &r->question, field,
                               sizeof(field), why, sizeof(why));

    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the question cannot be answered as asked");
    }
    customer_find(req, &r->question, &r->customer);
    return flow_wait(req, ask_parts);
}

static enum flow ask_parts(struct request *req)
{
    struct getting *r = req->state;
    struct customer_file *file = &r->customer.file;

    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, &file->id, &r->sight);
    customer_list_references(req, &file->id, file);
    customer_list_sales(req, &file->id, file);
    if (r->question.recent_orders > 0)
        customer_list_orders(req, &file->id, r->question.recent_orders, file);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct getting *r = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (r->customer.file.name.bytes == 0)
        return flow_go(req, answer);
    uuid_print(&r->customer.file.id, id);
    audit_add(req, "read customer", id, "name");
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;

    return flow_reply(req, codec_customer(&r->customer.file, req->arena));
}
