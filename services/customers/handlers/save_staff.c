/*
 * kehu.customers.v1.SaveStaff: somebody new in the directory, or another entry for somebody known.
 *
 *   decode  → the receipt, the entry as it is, and what the new one refers to
 *   decide  → the entry, its event, one commit
 */
#include "common/command.h"
#include "common/service.h"
#include "services/customers/domain/rights.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/staff_change.h"

struct saving {
    struct codec_staff_ask ask;
    struct command_receipt seen;
    struct staff_found found;
    struct staff_context context;
};

static enum flow decide(struct request *req);

enum flow handle_save_staff(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_staff_faults faults;
    enum status status =
        codec_get_save_staff(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return staff_change_refuse(req, status, &faults);
    command_find(req, &r->seen);
    staff_find(req, r->ask.staff.code, &r->found);
    staff_find_context(req, &r->ask.staff, &r->context);
    return flow_wait(req, decide);
}

static void look_at_person(struct request *req, const char *field, struct text who, bool is_there,
                           bool has_left, unsigned *wrong)
{
    if (who.bytes == 0 || (is_there && !has_left))
        return;
    ++*wrong;
    if (is_there)
        flow_violation(req, field, "'%.*s' has left", (int)who.bytes, who.at);
    else
        flow_violation(req, field, "'%.*s' is nobody's code or id", (int)who.bytes, who.at);
}

/* False: what the entry refers to cannot be so, and *end says all of it. */
static bool check_context(struct request *req, const struct saving *r, enum flow *end)
{
    const struct staff *staff = &r->ask.staff;
    const struct staff_context *context = &r->context;
    unsigned wrong = 0;

    look_at_person(req, "manager", staff->manager, context->has_manager, context->manager_has_left,
                   &wrong);
    look_at_person(req, "deputy", staff->deputy, context->has_deputy, context->deputy_has_left,
                   &wrong);
    if (staff->unit.bytes > 0 && !context->has_unit) {
        flow_violation(req, "unit", "there is no unit '%.*s'", (int)staff->unit.bytes,
                       staff->unit.at);
        wrong++;
    }
    if (context->unknown_region.bytes > 0) {
        flow_violation(req, "regions", "there is no region '%.*s'",
                       (int)context->unknown_region.bytes, context->unknown_region.at);
        wrong++;
    }
    if (context->is_circle) {
        flow_violation(req, "manager", "is himself or somebody below him");
        wrong++;
    }
    if (r->found.found && context->has_deputy &&
        staff_check_absence(&r->found.staff.id, &(struct staff){.id = context->deputy_id}, 0, 0) ==
            STAFF_ABSENCE_DEPUTY_IS_HIMSELF) {
        flow_violation(req, "deputy", "is himself");
        wrong++;
    }
    if (wrong == 0)
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION, "the entry refers to what cannot be so");
    return false;
}

/* What SaveStaff does not say stays. */
static struct staff merge(struct request *req, const struct saving *r)
{
    const struct staff *before = &r->found.staff;
    struct staff next = r->ask.staff;

    next.manager_id = r->context.manager_id;
    next.deputy_id = r->context.deputy_id;
    next.manager = r->context.manager;
    next.deputy = r->context.deputy;
    if (r->found.found) {
        next.id = before->id;
        next.version = before->version;
        next.absent_from = before->absent_from;
        next.absent_to = before->absent_to;
        if (next.joined_on == STAFF_NO_DAY)
            next.joined_on = before->joined_on;
        return next;
    }
    next.id = request_new_id(req);
    if (next.joined_on == STAFF_NO_DAY)
        next.joined_on = zone_day(&req->service->zone, req->now_us);
    return next;
}

static enum flow commit(struct request *req, const struct saving *r)
{
    struct staff next = merge(req, r);
    char roles[ROLE_NAMES_BYTES];

    if (r->found.found)
        staff_save(req, &next);
    else
        staff_add(req, &next);
    next.version++;
    role_print(next.roles, roles);
    if (!staff_change_tell(req, r->found.found ? "save staff" : "add staff", &next, roles))
        return flow_reply(req, NULL);
    return command_commit(req, codec_staff(&next, req->arena));
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!staff_change_is_expected(req, r->ask.expected_version,
                                  r->found.found ? r->found.staff.version : 0, &end))
        return end;
    if (r->found.found && r->found.staff.has_left) {
        flow_violation(req, "code", "is that of somebody who has left");
        return flow_refuse(req, FAILED_PRECONDITION,
                           "who has left stays as he was; who comes back gets a new code");
    }
    if (r->found.found && r->found.staff.absent_from != STAFF_NO_DAY && !r->context.has_deputy) {
        flow_violation(req, "deputy", "is missing: he is away and somebody stands in for him");
        return flow_refuse(req, FAILED_PRECONDITION, "who is away has a deputy");
    }
    if (!check_context(req, r, &end))
        return end;
    return commit(req, r);
}
