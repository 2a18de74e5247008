/*
 * kehu.customers.v1.ListUnits: the units, page by page in the order of codes.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/staff_change.h"
#include "services/customers/store/staff_unit.h"

struct listing {
    struct codec_staff_list_ask ask;
    struct staff_units found;
};

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    size_t count = r->found.count;
    struct text next = TEXT_OF("");

    if (count > r->ask.page_size)
        next = r->found.list[--count - 1].code;
    return flow_reply(req, codec_staff_unit_list(r->found.list, count, next, req->arena));
}

enum flow handle_list_units(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_staff_faults faults;
    enum status status =
        codec_get_list_units(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return staff_change_refuse(req, status, &faults);
    staff_unit_list(req, r->ask.after, r->ask.page_size + 1, &r->found);
    return flow_wait(req, answer);
}
