/*
 * A job: that a case is linked to a customer or contact is told, however it came: somebody linked
 * it, or a customer appeared under the reference that it waited with.
 */
#include "common/log.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/store/case_link.h"

#define MARKS_AT_ONCE 500

static enum flow tell(struct request *req);

enum flow case_links_look(struct request *req)
{
    struct case_links *links = request_state(req, sizeof(*links));

    case_link_list(req, MARKS_AT_ONCE, links);
    return flow_wait(req, tell);
}

static enum flow tell(struct request *req)
{
    const struct case_links *links = req->state;

    if (links->count == 0)
        return flow_end(req);
    for (size_t i = 0; i < links->count; i++) {
        struct flow_packed packed;

        if (!flow_pack(req, codec_case_linked(&links->list[i], req->arena), &packed))
            return flow_refuse_large(req);
        log_add(req, packed.type, &links->list[i].id, packed.bytes, packed.count);
    }
    case_link_settle(req, links);
    return flow_commit(req, flow_end);
}
