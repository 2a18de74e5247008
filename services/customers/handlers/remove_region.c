/*
 * kehu.customers.v1.RemoveRegion: only when no region, customer or order region refers to it.
 */
#include <inttypes.h>

#include "common/audit.h"
#include "common/command.h"
#include "services/customers/store/region.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/regions.h"

struct removing {
    struct text code;
    struct command_receipt seen;
    struct regions found;
    struct region_users users;
};

static enum flow decide(struct request *req);

enum flow handle_remove_region(struct request *req)
{
    struct removing *r = request_state(req, sizeof(*r));
    struct codec_region_faults faults;
    enum status status =
        codec_get_remove_region(req->payload, req->payload_bytes, req->arena, &r->code, &faults);

    if (status != OK)
        return regions_refuse_question(req, status, &faults);
    command_find(req, &r->seen);
    region_list(req, &r->found);
    region_find_users(req, r->code, &r->users);
    return flow_wait(req, decide);
}

/* "1000 or more" where counting stopped. */
static const char *or_more(int64_t counted)
{
    return counted >= REGION_MAX_COUNTED ? " or more" : "";
}

static enum flow decide(struct request *req)
{
    struct removing *r = req->state;
    const struct region *region = region_find(&r->found.tree, r->code);
    const char *code = arena_copy_text(req->arena, r->code.at, r->code.bytes);

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!region)
        return flow_refuse(req, NOT_FOUND, "there is no region with this code");
    if (region_has_children(&r->found.tree, r->code))
        return flow_refuse(req, FAILED_PRECONDITION,
                           "there are regions below it: remove or move them first");
    if (r->users.customers > 0)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "it stands on the file of %" PRId64 "%s customers", r->users.customers,
                           or_more(r->users.customers));
    if (r->users.order_regions > 0)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "%" PRId64 "%s regions of orders are mapped to it: unmap them first",
                           r->users.order_regions, or_more(r->users.order_regions));
    if (!code)
        return flow_reply(req, NULL);
    region_guard(req, r->found.version);
    region_remove(req, r->code);
    audit_add(req, "remove region", code, "");
    return command_commit(req, codec_region(region, req->arena));
}
