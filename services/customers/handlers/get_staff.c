/*
 * kehu.customers.v1.GetStaff: one entry of the directory.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/staff_change.h"

struct getting {
    struct codec_staff_ask ask;
    struct staff_found found;
};

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;

    if (!r->found.found)
        return staff_change_refuse_unknown(req, "staff", r->ask.who);
    return flow_reply(req, codec_staff(&r->found.staff, req->arena));
}

enum flow handle_get_staff(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct codec_staff_faults faults;
    enum status status =
        codec_get_get_staff(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return staff_change_refuse(req, status, &faults);
    staff_find(req, r->ask.who, &r->found);
    return flow_wait(req, answer);
}
