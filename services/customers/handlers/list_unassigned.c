/*
 * kehu.customers.v1.ListUnassigned: those nobody looks after, each with the manager who answers for
 * his region. Names are shown, so each page is audited.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/audit.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owners.h"
#include "services/customers/store/region.h"

struct listing {
    struct codec_owner_question question;
    struct owner_queue queue;
    struct owner_region_managers managers;
    struct regions regions;
    const char *next;
};

static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_list_unassigned(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_list_unassigned(req->payload, req->payload_bytes, req->arena,
                                                   &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    const struct owner_queue_question question = {
        .region = r->question.region,
        .grade = r->question.grade,
        .after_grade = r->question.after_grade,
        .after_number = r->question.after_number,
        .limit = r->question.page_size + 1,
    };

    owner_list_queue(req, &question, owners_today(req), &r->queue);
    owner_list_region_managers(req, &r->managers);
    region_list(req, &r->regions);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct listing *r = req->state;
    char detail[40];

    r->next = "";
    if (r->queue.count > r->question.page_size) {
        const struct owner_queued *last = &r->queue.list[r->question.page_size - 1];

        r->queue.count = r->question.page_size;
        r->next = arena_print(req->arena, "%.*s.%" PRId64, (int)last->grade.bytes, last->grade.at,
                              last->number);
    }
    if (r->queue.count == 0)
        return flow_go(req, answer);
    snprintf(detail, sizeof(detail), "%zu names", r->queue.count);
    audit_add(req, "list unassigned", "", detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    struct codec_unassigned *list = arena_take_array(req->arena, r->queue.count, sizeof(*list));

    if (!list)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->queue.count; i++) {
        const struct owner_queued *one = &r->queue.list[i];

        list[i] = (struct codec_unassigned){
            .customer = one->customer,
            .number = one->number,
            .name = one->name,
            .grade = one->grade,
            .region = one->region,
            .manager = owner_rules_find_manager(&r->regions.tree, &r->managers, one->region),
            .since_us = one->since_us,
            .is_alerted = one->is_alerted,
        };
    }
    return flow_reply(req, codec_unassigned_list(list, r->queue.count, r->next, req->arena));
}
