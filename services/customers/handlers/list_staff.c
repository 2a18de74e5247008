/*
 * kehu.customers.v1.ListStaff: the directory, page by page in the order of codes.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/staff_change.h"

struct listing {
    struct codec_staff_list_ask ask;
    struct staff_entries found;
};

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    size_t count = r->found.count;
    struct text next = TEXT_OF("");

    if (count > r->ask.page_size)
        next = r->found.list[--count - 1].code;
    return flow_reply(req, codec_staff_list(r->found.list, count, next, req->arena));
}

enum flow handle_list_staff(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_staff_faults faults;
    enum status status =
        codec_get_list_staff(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return staff_change_refuse(req, status, &faults);
    const struct staff_question question = {.unit = r->ask.unit,
                                            .role = r->ask.role,
                                            .manager = r->ask.manager,
                                            .state = r->ask.state,
                                            .after = r->ask.after,
                                            .limit = r->ask.page_size + 1};

    staff_list(req, &question, &r->found);
    return flow_wait(req, answer);
}
