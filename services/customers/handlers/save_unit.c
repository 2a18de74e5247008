/*
 * kehu.customers.v1.SaveUnit: a new unit, or another name or place for a known one.
 */
#include "common/audit.h"
#include "common/command.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/staff_change.h"
#include "services/customers/store/staff_unit.h"

struct saving {
    struct staff_unit unit;
    uint64_t expected_version;
    struct command_receipt seen;
    struct staff_unit_context found;
};

static enum flow decide(struct request *req);

enum flow handle_save_unit(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_staff_faults faults;
    enum status status = codec_get_save_unit(req->payload, req->payload_bytes, req->arena, &r->unit,
                                             &r->expected_version, &faults);

    if (status != OK)
        return staff_change_refuse(req, status, &faults);
    command_find(req, &r->seen);
    staff_unit_find(req, &r->unit, &r->found);
    return flow_wait(req, decide);
}

/* False: it cannot stand there, and *end says why. */
static bool check_place(struct request *req, const struct saving *r, enum flow *end)
{
    const struct staff_unit_context *found = &r->found;

    if (r->unit.parent.bytes == 0)
        return true;
    if (found->levels_above == 0)
        flow_violation(req, "unit.parent", "is '%.*s': there is no such unit",
                       (int)r->unit.parent.bytes, r->unit.parent.at);
    else if (found->is_circle)
        flow_violation(req, "unit.parent", "is the unit itself or one below it");
    else if (found->levels_above + found->height > STAFF_MAX_UNIT_DEPTH)
        flow_violation(req, "unit.parent", "would make more than %d levels", STAFF_MAX_UNIT_DEPTH);
    else
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION, "the units would be no tree");
    return false;
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    int64_t present = r->found.found ? r->found.unit.version : 0;
    const char *code = arena_copy_text(req->arena, r->unit.code.at, r->unit.code.bytes);
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!staff_change_is_expected(req, r->expected_version, present, &end))
        return end;
    if (!check_place(req, r, &end))
        return end;
    if (!code)
        return flow_reply(req, NULL);
    r->unit.version = present;
    staff_unit_save(req, &r->unit);
    r->unit.version++;
    audit_add(req, "save unit", code, "");
    return command_commit(req, codec_staff_unit(&r->unit, req->arena));
}
