/*
 * kehu.customers.v1.MapRegion: what a source's name for a region means; an empty code takes that
 * back. Grades follow with the next run.
 */
#include "common/audit.h"
#include "common/command.h"
#include "services/customers/store/region.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/regions.h"

struct mapping {
    struct order_region ask, known;
    struct command_receipt seen;
    struct regions found;
};

static enum flow decide(struct request *req);

enum flow handle_map_region(struct request *req)
{
    struct mapping *r = request_state(req, sizeof(*r));
    struct codec_region_faults faults;
    enum status status =
        codec_get_map_region(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return regions_refuse_question(req, status, &faults);
    command_find(req, &r->seen);
    region_list(req, &r->found);
    region_find_order_region(req, r->ask.source, r->ask.name, &r->known);
    return flow_wait(req, decide);
}

static enum flow decide(struct request *req)
{
    struct mapping *r = req->state;
    const struct order_region *ask = &r->ask;
    const char *subject = arena_print(req->arena, "%.*s:%.*s", (int)ask->source.bytes,
                                      ask->source.at, (int)ask->name.bytes, ask->name.at);

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->known.found)
        return flow_refuse(req, NOT_FOUND, "no order of source %.*s names this region",
                           (int)ask->source.bytes, ask->source.at);
    if (ask->region_code.bytes > 0 && !region_find(&r->found.tree, ask->region_code)) {
        flow_violation(req, "region_code", "is \"%.*s\": there is no such region",
                       (int)ask->region_code.bytes, ask->region_code.at);
        return flow_refuse(req, FAILED_PRECONDITION, "the region is not in the tree");
    }
    if (!subject)
        return flow_reply(req, NULL);
    region_guard(req, r->found.version);
    region_map(req, ask->source, ask->name, ask->region_code);
    audit_add(req, "map region", subject, ask->region_code.bytes ? ask->region_code.at : "none");
    return command_commit(req, codec_order_region(ask, req->arena));
}
