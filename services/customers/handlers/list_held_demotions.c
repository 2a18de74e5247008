/*
 * kehu.customers.v1.ListHeldDemotions: which demotions wait for the manager, the most urgent first.
 */
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"

struct listing {
    struct grade_helds held;
};

static enum flow answer(struct request *req);

enum flow handle_list_held_demotions(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));

    grade_list_held(req, GRADE_MAX_PAGE, &r->held);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;

    return flow_reply(req, codec_grade_held(r->held.list, r->held.count, req->arena));
}
