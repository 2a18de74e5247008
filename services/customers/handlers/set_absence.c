/*
 * kehu.customers.v1.SetAbsence: somebody is away for some days and his deputy stands in, or he is
 * back.
 */
#include "common/command.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/staff_change.h"

struct setting {
    struct codec_staff_ask ask;
    struct command_receipt seen;
    struct staff_found found, deputy;
};

static enum flow find_deputy(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_set_absence(struct request *req)
{
    struct setting *r = request_state(req, sizeof(*r));
    struct codec_staff_faults faults;
    enum status status =
        codec_get_set_absence(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return staff_change_refuse(req, status, &faults);
    command_find(req, &r->seen);
    staff_find(req, r->ask.who, &r->found);
    return flow_wait(req, find_deputy);
}

static enum flow find_deputy(struct request *req)
{
    struct setting *r = req->state;
    struct text *deputy = &r->ask.staff.deputy;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->found.found)
        return staff_change_refuse_unknown(req, "staff", r->ask.who);
    if (r->found.staff.has_left) {
        flow_violation(req, "staff", "has left");
        return flow_refuse(req, FAILED_PRECONDITION, "who has left is not away for some days");
    }
    if (deputy->bytes == 0)
        *deputy = r->found.staff.deputy;
    if (deputy->bytes == 0)
        return flow_go(req, decide);
    staff_find(req, *deputy, &r->deputy);
    return flow_wait(req, decide);
}

static const char *refusal_of(enum staff_absence absence)
{
    switch (absence) {
    case STAFF_ABSENCE_NO_DEPUTY:
        return "is missing: somebody must stand in for him";
    case STAFF_ABSENCE_DEPUTY_IS_HIMSELF:
        return "is himself";
    case STAFF_ABSENCE_DEPUTY_LEFT:
        return "has left";
    case STAFF_ABSENCE_DEPUTY_AWAY:
        return "is away himself for all of these days";
    default:
        return NULL;
    }
}

static enum flow decide(struct request *req)
{
    struct setting *r = req->state;
    const struct staff *ask = &r->ask.staff;
    struct staff next = r->found.staff;
    bool is_away = ask->absent_from != STAFF_NO_DAY;

    if (ask->deputy.bytes > 0 && !r->deputy.found)
        return staff_change_refuse_unknown(req, "deputy", ask->deputy);
    if (is_away || r->deputy.found) {
        const char *why = refusal_of(staff_check_absence(
            &next.id, r->deputy.found ? &r->deputy.staff : NULL, ask->absent_from, ask->absent_to));

        if (why && is_away) {
            flow_violation(req, "deputy", "%s", why);
            return flow_refuse(req, FAILED_PRECONDITION, "nobody would stand in for him");
        }
    }
    next.absent_from = ask->absent_from;
    next.absent_to = ask->absent_to;
    if (r->deputy.found) {
        next.deputy = r->deputy.staff.code;
        next.deputy_id = r->deputy.staff.id;
    }
    staff_save_absence(req, &next);
    next.version++;
    if (!staff_change_tell(req, "set absence", &next, is_away ? "away" : "back"))
        return flow_reply(req, NULL);
    return command_commit(req, codec_staff(&next, req->arena));
}
