/*
 * kehu.complaints.v1.SaveImprovement, GetImprovement and ListImprovements: what is to become better
 * for all (R72), with owner and date; the overdue ones are a list.
 */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case_part.h"
#include "services/complaints/handlers/case_parts.h"
#include "services/complaints/handlers/causes.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_part_list.h"

static int32_t today_of(const struct request *req)
{
    return zone_day(&req->service->zone, req->now_us);
}

/* --- SaveImprovement --- */

struct saving {
    struct improvement told;
    bool is_new;
    struct command_receipt seen;
    struct colleague owner;
    struct cause_tree causes;
    struct case_part_improvement known;
};

static enum flow save(struct request *req);
static enum flow get(struct request *req);
static enum flow list(struct request *req);

enum flow handle_save_improvement(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_save_improvement(req->payload, req->payload_bytes, req->arena,
                                                    &r->told, &r->is_new, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    command_find(req, &r->seen);
    case_part_find_improvement(req, &r->told.id, &r->known);
    case_parts_ask_colleague(req, r->told.owner, &r->owner);
    policies_in_force_ask_causes(req, &r->causes);
    return flow_wait(req, save);
}

static enum flow save(struct request *req)
{
    struct saving *r = req->state;
    struct improvement after;
    struct case_part_fault faults[CASE_PART_FAULTS];
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->is_new && !r->known.found) {
        flow_violation(req, "improvement.improvement_id",
                       "is no improvement item: ListImprovements lists them");
        return flow_refuse(req, NOT_FOUND, "there is no such improvement item");
    }
    if (r->owner.found)
        r->told.owner = (struct text){r->owner.code, strlen(r->owner.code)};
    after = improvement_apply(&r->known.improvement, &r->told);
    if (!case_parts_check_faults(req, "improvement", faults,
                                 improvement_check(&after, today_of(req), faults), &end) ||
        !case_parts_check_colleague(req, NULL, "improvement.owner", r->told.owner, &r->owner,
                                    &end) ||
        !causes_check(req, "improvement.cause", &r->causes, r->told.cause,
                      r->known.improvement.cause, &end))
        return end;
    if (r->is_new)
        r->told.id = request_new_id(req);
    after.id = r->told.id;
    uuid_print(&after.id, id);
    case_part_put_improvement(req, &r->told);
    audit_add(req, "save improvement", id, after.done_day != CASE_PART_NO_DAY ? "done" : "");
    return command_commit(req, codec_improvement(&after, req->arena));
}

/* --- GetImprovement --- */

struct getting {
    struct id id;
    struct case_part_improvement found;
};

enum flow handle_get_improvement(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_get_improvement(req->payload, req->payload_bytes, req->arena, &r->id, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    case_part_find_improvement(req, &r->id, &r->found);
    return flow_wait(req, get);
}

static enum flow get(struct request *req)
{
    struct getting *r = req->state;

    if (!r->found.found)
        return flow_refuse(req, NOT_FOUND, "no improvement item has this id");
    return flow_reply(req, codec_improvement(&r->found.improvement, req->arena));
}

/* --- ListImprovements --- */

struct listing {
    struct improvement_question ask;
    struct improvements found;
};

enum flow handle_list_improvements(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_list_improvements(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    case_part_list_improvements(req, &r->ask, today_of(req), &r->found);
    return flow_wait(req, list);
}

static enum flow list(struct request *req)
{
    struct listing *r = req->state;
    const char *next = "";

    if (r->found.count > r->ask.page.size) {
        const struct improvement *last = &r->found.list[r->ask.page.size - 1];

        r->found.count = r->ask.page.size;
        next = codec_read_print_token(CODEC_READ_IMPROVEMENTS, last->due_day * DAY_US, &last->id,
                                      req->arena);
    }
    return flow_reply(
        req, codec_improvement_list(r->found.list, r->found.count, next ? next : "", req->arena));
}
