/*
 * kehu.customers.v1.MakeHandover: customers change hands in one commit, 20,000 as one. With a
 * leaver his access goes in the same commit: he is no staff member any more, and at its end he
 * looks after nobody; otherwise the unit is stale and decides again.
 *
 *   ask     → the receipt, who hands over, who takes over, the customers named, the rules in force
 *   gather  → his customers, the teams he is in, the people named by the rules, the region tree
 *   decide  → a taker for each; intervals, states, items, terms and events in one unit
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/handovers.h"
#include "services/customers/store/region.h"

struct making {
    struct codec_handover_question question;
    struct command_receipt seen;
    struct owner_people people; /* from, to, and everybody above them */
    struct id *customers;       /* of question.refs */
    struct policy_rows rows;
    struct codec_policy policy;      /* by rule */
    struct owner_people rule_people; /* likewise */
    struct regions regions;
    struct owner_person *from, *to, *manager; /* to, manager: NULL where there is none */
    struct owner_standings standings;         /* of the customers that are handed over */
    struct handover_team_rows team;
    struct handover handover;
    struct handover_receivers receivers;
};

static enum flow gather(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_make_handover(struct request *req)
{
    struct making *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_make_handover(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    const struct text codes[] = {r->question.from, r->question.to};
    const struct owner_names names = {.codes = codes, .code_count = r->question.by_rule ? 1 : 2};

    r->customers = arena_take_array(req->arena, r->question.ref_count, sizeof(*r->customers));
    if (!r->customers)
        return flow_refuse_large(req);
    command_find(req, &r->seen);
    owner_list_people(req, &names, owners_today(req), &r->people);
    if (r->question.ref_count > 0)
        owner_list_refs(req, r->question.refs, r->question.ref_count, r->customers);
    if (r->question.by_rule)
        policy_list(req, codec_policy_kind_name(CODEC_POLICY_OWNERS), &r->rows);
    return flow_wait(req, gather);
}

/* --- who --- */

static bool check_people(struct request *req, enum flow *end)
{
    struct making *r = req->state;

    r->from = owner_find_code(&r->people, r->question.from);
    r->to = owner_find_code(&r->people, r->question.to);
    if (!r->from) {
        flow_violation(req, "from", "%s", owner_taking_text(OWNER_IS_UNKNOWN));
        *end = flow_refuse(req, NOT_FOUND, "nobody can hand over under this code");
        return false;
    }
    if (!r->question.by_rule && !owners_check_taker(req, "to", r->to, end))
        return false;
    if (!handovers_acts_for(req, &r->from->id)) {
        *end = flow_refuse(
            req, PERMISSION_DENIED, "%s: only a manager above him hands over for him",
            arena_print(req->arena, "%.*s", (int)r->from->code.bytes, r->from->code.at));
        return false;
    }
    if (r->question.leaves && r->from->has_left) {
        flow_violation(req, "leaves", "is said of somebody who has left already");
        *end = flow_refuse(req, FAILED_PRECONDITION, "nobody leaves twice");
        return false;
    }
    r->manager = owner_find_manager(&r->people, r->from);
    return true;
}

static enum flow gather(struct request *req)
{
    struct making *r = req->state;
    static const struct id nobody;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!check_people(req, &end))
        return end;
    if (r->question.by_rule &&
        !owners_read_policy(req, &r->rows, CODEC_POLICY_OWNERS, &r->policy, &end))
        return end;
    if (r->question.by_rule && !owners_ask_people(req, &r->policy.owners, &r->rule_people))
        return flow_refuse_large(req);
    owner_list_owned(req, &r->from->id, owners_today(req), &r->standings);
    if (r->question.ref_count == 0)
        handover_list_team(req, &r->from->id, r->to ? &r->to->id : &nobody, &r->team);
    region_list(req, &r->regions);
    return flow_wait(req, decide);
}

/* --- what --- */

static int by_customer(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

/* Only the customers named; false: one of them is not his. */
static bool choose_named(struct request *req, enum flow *end)
{
    struct making *r = req->state;
    size_t count = r->question.ref_count, kept = 0;
    struct id *sorted = arena_copy(req->arena, r->customers, count * sizeof(*sorted));

    if (count == 0)
        return true;
    if (!sorted) {
        *end = flow_refuse_large(req);
        return false;
    }
    qsort(sorted, count, sizeof(*sorted), by_customer);
    for (size_t i = 0; i < r->standings.count; i++)
        if (bsearch(&r->standings.list[i].customer, sorted, count, sizeof(*sorted), by_customer))
            r->standings.list[kept++] = r->standings.list[i];
    r->standings.count = kept;
    for (size_t i = 0; i < count; i++) {
        /* Standings come in the order of ids. */
        if (bsearch(&r->customers[i], r->standings.list, kept, sizeof(*r->standings.list),
                    by_customer))
            continue;
        const char *field = arena_print(req->arena, "refs[%zu]", i);

        flow_violation(req, field ? field : "refs", "is no customer of who hands over");
        *end = flow_refuse(req, FAILED_PRECONDITION, "only one's own customers are handed over");
        return false;
    }
    return true;
}

static bool check_customers(struct request *req, enum flow *end)
{
    const struct making *r = req->state;

    if (r->standings.count > 0 || r->question.leaves)
        return true;
    flow_violation(req, "from", "looks after nobody");
    *end = flow_refuse(req, FAILED_PRECONDITION, "there is nothing to hand over");
    return false;
}

/* --- to whom --- */

static struct handover_taker find_taker(const struct making *r,
                                        const struct owner_standing *standing)
{
    if (r->to)
        return (struct handover_taker){.person = r->to, .rule = {"", 0}};
    struct owner_choosing chosen =
        owner_rules_choose(&r->policy.owners, &r->regions.tree, standing);

    if (!chosen.taker)
        return (struct handover_taker){.person = r->manager, .rule = {"", 0}, .as_manager = true};
    chosen.taker->customers++;
    return (struct handover_taker){.person = chosen.taker, .rule = chosen.by->name};
}

static struct handover_receiver *find_receiver(struct making *r, const struct handover_taker *taker)
{
    struct handover_receivers *receivers = &r->receivers;

    for (size_t i = 0; i < receivers->count; i++)
        if (uuid_is_same(&receivers->list[i].staff, &taker->person->id))
            return &receivers->list[i];
    receivers->list[receivers->count] = (struct handover_receiver){
        .staff = taker->person->id, .code = taker->person->code, .name = taker->person->name};
    return &receivers->list[receivers->count++];
}

/* False: the arena is full. */
static bool hand_over(struct request *req, const struct owner_standing *standing,
                      const struct handover_taker *taker)
{
    struct making *r = req->state;
    struct handover_receiver *receiver = find_receiver(r, taker);
    const struct owners_change change = {
        .standing = standing,
        .to = taker->person,
        .state = OWNER_STATE_IS_OWNED,
        .from_us = req->now_us,
        .by = file_change_by(req),
        .reason = "handover",
        .end_reason = r->question.leaves ? "left" : NULL,
        .rule = taker->rule,
        .note = {"", 0},
        .handover = &r->handover.id,
    };

    receiver->customers++;
    receiver->pending++;
    receiver->as_manager |= taker->as_manager;
    handover_add_item(req, &r->handover.id, &standing->customer, taker);
    return owners_change(req, &change);
}

/* Every customer; *end refuses when one has no taker. */
static bool hand_over_all(struct request *req, enum flow *end)
{
    struct making *r = req->state;

    for (size_t i = 0; i < r->standings.count; i++) {
        struct handover_taker taker = find_taker(r, &r->standings.list[i]);

        if (!taker.person) {
            flow_violation(req, "to",
                           "is missing: no rule has a taker for every customer, and "
                           "nobody above who hands over works here");
            *end = flow_refuse(req, FAILED_PRECONDITION, "some customers would have no owner");
            return false;
        }
        if (!hand_over(req, &r->standings.list[i], &taker)) {
            *end = flow_refuse_large(req);
            return false;
        }
    }
    return true;
}

/* Teams: who was named takes his place, unless he looks after that customer already. */
static void hand_over_teams(struct request *req)
{
    struct making *r = req->state;

    for (size_t i = 0; i < r->team.count && (r->question.leaves || r->to); i++) {
        const struct handover_team_row *row = &r->team.list[i];
        const struct owner_ending ending = {.customer = row->customer,
                                            .interval = row->interval,
                                            .at_us = req->now_us,
                                            .by = file_change_by(req),
                                            .reason = r->question.leaves ? "left" : "handover"};
        const struct owner_standing standing = {.customer = row->customer, .version = row->version};

        owner_save_state(req, &standing, row->state);
        owner_end(req, &ending);
        if (r->to && !row->is_known)
            owners_add_team(req, &row->customer, r->to, file_change_by(req), "handover",
                            (struct text){"", 0}, (struct text){"", 0});
    }
}

/* --- writing --- */

static void fill(struct request *req)
{
    struct making *r = req->state;

    r->handover = (struct handover){
        .found = true,
        .id = request_new_id(req),
        .from = r->from->id,
        .from_code = r->from->code,
        .from_name = r->from->name,
        .has_to = r->to != NULL,
        .has_manager = r->manager != NULL,
        .to_code = r->to ? r->to->code : (struct text){"", 0},
        .to_name = r->to ? r->to->name : (struct text){"", 0},
        .leaves = r->question.leaves,
        .tells_customers = r->question.tells_customers,
        .note = r->question.note,
        .by = codec_ask_text(file_change_by(req)),
        .at_us = req->now_us,
        .customers = r->standings.count,
    };
    r->handover.counts[HANDOVER_ITEM_IS_PENDING] = r->standings.count;
    if (r->to)
        r->handover.to = r->to->id;
    if (r->manager)
        r->handover.manager = r->manager->id;
}

/* The receivers, each with his term. */
static void add_receivers(struct request *req)
{
    struct making *r = req->state;
    int64_t due_us = req->now_us + 2 * HANDOVER_TERM_DAYS * DAY_US;
    char handover[UUID_TEXT_BYTES], staff[UUID_TEXT_BYTES], key[120];

    /* No calendar is without a working day for ten years; without one the term would be double. */
    if (!calendar_add_working_days(&req->service->calendar, req->now_us, HANDOVER_TERM_DAYS,
                                   &due_us))
        due_us = req->now_us + 2 * HANDOVER_TERM_DAYS * DAY_US;
    uuid_print(&r->handover.id, handover);
    for (size_t i = 0; i < r->receivers.count; i++) {
        struct handover_receiver *receiver = &r->receivers.list[i];

        receiver->due_us = due_us;
        uuid_print(&receiver->staff, staff);
        snprintf(key, sizeof(key), HANDOVERS_TERM_TIMER ":%s:%s", handover, staff);
        timer_arm(req, key, &r->handover.id, due_us, &receiver->staff, sizeof(receiver->staff));
        handover_add_receiver(req, &r->handover.id, receiver);
    }
}

/* False: no memory. */
static bool tell(struct request *req)
{
    struct making *r = req->state;
    int32_t today = owners_today(req);

    if (!owners_tell(req, &r->handover.id,
                     codec_handover_made(&r->handover, &r->receivers, req->arena)))
        return false;
    if (!r->question.leaves)
        return true;
    handover_let_leave(req, r->from, today);
    handover_guard_nobody_left(req, &r->from->id);
    return owners_tell(req, &r->handover.from, codec_staff_left(&r->handover, today, req->arena));
}

static enum flow decide(struct request *req)
{
    struct making *r = req->state;
    struct owner_person *himself = owner_find_person(&r->rule_people, &r->from->id);
    char id[UUID_TEXT_BYTES], detail[60];
    enum flow end;

    if (himself)
        himself->is_absent = true; /* the rules pass him over */
    if (!choose_named(req, &end) || !check_customers(req, &end))
        return end;
    if (r->question.by_rule && !owners_resolve(req, &r->policy.owners, &r->rule_people))
        return flow_refuse_large(req);
    r->receivers.list =
        arena_take_array(req->arena, r->rule_people.count + 2, sizeof(*r->receivers.list));
    if (!r->receivers.list)
        return flow_refuse_large(req);
    fill(req);
    if (!hand_over_all(req, &end))
        return end;
    hand_over_teams(req);
    handover_add(req, &r->handover);
    add_receivers(req);
    if (!tell(req))
        return flow_refuse_large(req);
    uuid_print(&r->handover.id, id);
    snprintf(detail, sizeof(detail), "%zu customers%s", r->standings.count,
             r->question.leaves ? ", leaves" : "");
    audit_add(req, "hand over", id, detail);
    return handovers_answer(req, &r->handover, &r->receivers);
}
