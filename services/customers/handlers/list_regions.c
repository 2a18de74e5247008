/*
 * kehu.customers.v1.ListRegions: the tree, and what the sources' names for regions mean.
 */
#include "common/service.h"
#include "services/customers/store/region.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/regions.h"
#include "services/customers/handlers/scope.h"

struct listing {
    struct regions found;
    struct order_regions order_regions;
};

static enum flow answer(struct request *req);

enum flow handle_list_regions(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_region_faults faults;
    enum status status =
        codec_get_list_regions(req->payload, req->payload_bytes, req->arena, &faults);

    if (status != OK)
        return regions_refuse_question(req, status, &faults);
    region_list(req, &r->found);
    region_list_order_regions(req, req->service->currency, &r->order_regions);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;

    for (size_t i = 0; i < r->order_regions.count && !scope_may(req, ACT_REPORT); i++)
        r->order_regions.list[i].net_micros = 0; /* figures over all customers */
    return flow_reply(req, codec_region_list(&r->found.tree, &r->order_regions, req->arena));
}
