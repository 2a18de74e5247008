/*
 * kehu.customers.v1.SaveRegion: a new region, or another name, place or grading level for a known
 * one. The tree is checked as it would be afterwards.
 */
#include "common/audit.h"
#include "common/command.h"
#include "services/customers/store/region.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/regions.h"

struct saving {
    struct region region;
    struct command_receipt seen;
    struct regions found;
};

static enum flow decide(struct request *req);

enum flow handle_save_region(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_region_faults faults;
    enum status status =
        codec_get_save_region(req->payload, req->payload_bytes, req->arena, &r->region, &faults);

    if (status != OK)
        return regions_refuse_question(req, status, &faults);
    command_find(req, &r->seen);
    region_list(req, &r->found);
    return flow_wait(req, decide);
}

static enum flow refuse(struct request *req, const struct saving *r, enum region_refusal refusal,
                        const struct region *other)
{
    const struct region *region = &r->region;
    const char *field = "region.parent_code";

    switch (refusal) {
    case REGION_FINE:
        break;
    case REGION_NO_PARENT:
        flow_violation(req, field, "is \"%.*s\": there is no such region",
                       (int)region->parent.bytes, region->parent.at);
        break;
    case REGION_CIRCLE:
        flow_violation(req, field, "is the region itself or one below it");
        break;
    case REGION_TOO_DEEP:
        flow_violation(req, field, "would make more than %d levels", REGION_MAX_DEPTH);
        break;
    case REGION_GRADING_ABOVE:
        flow_violation(req, region->is_grading ? "region.is_grading" : field,
                       "cannot be: %.*s (%.*s), above it, is a grading region, and on the way to "
                       "the top there may be one only",
                       (int)other->name.bytes, other->name.at, (int)other->code.bytes,
                       other->code.at);
        break;
    case REGION_GRADING_BELOW:
        flow_violation(req, "region.is_grading",
                       "cannot be: %.*s (%.*s), below it, is a grading region, and on the way to "
                       "the top there may be one only",
                       (int)other->name.bytes, other->name.at, (int)other->code.bytes,
                       other->code.at);
        break;
    }
    return flow_refuse(req, FAILED_PRECONDITION,
                       "the regions would be no tree with one level of "
                       "grading");
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    const struct region *other = NULL;
    const char *code = arena_copy_text(req->arena, r->region.code.at, r->region.code.bytes);

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    enum region_refusal refusal = region_check(&r->found.tree, &r->region, &other);

    if (refusal != REGION_FINE)
        return refuse(req, r, refusal, other);
    if (!code)
        return flow_reply(req, NULL);
    region_guard(req, r->found.version);
    region_save(req, &r->region);
    audit_add(req, "save region", code, r->region.is_grading ? "grading" : "");
    return command_commit(req, codec_region(&r->region, req->arena));
}
