/*
 * Marked customers, and those of whom a case leaves a window today, are counted in sets. Everything
 * a set comes to stands in one unit: what was told, the events, and that its marks are done with. A
 * process that ends on the way leaves the marks as they were; where two instances count the same
 * set, the unit of the second is stale, and it begins with what is marked then.
 *
 *   look    → marks, and whose day has come
 *   gather  → how they stood, and their cases
 *   count   → standings, events and marks, one commit; then the next set
 */
#include "services/complaints/handlers/standings.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_standing.h"
#include "services/complaints/handlers/counters.h"
#include "services/complaints/handlers/policies_in_force.h"
#include "services/complaints/store/standing.h"

#define MARKS_AT_ONCE 2000
#define DUE_AT_ONCE 500
/* Cases that may lie in a window are of these last months; more than the windows have. */
#define MONTHS_BACK (REPEAT_MONTHS + 1)

struct counting {
    struct standing_marks marks;
    struct standing_rows due;
    int32_t today;
    struct id *customers; /* each once, in order */
    size_t customer_count;
    struct standing_rows rows;
    struct standing_cases cases;
    struct case_rules rules;
    struct repeat_case *facts; /* room for those of one customer */
    struct id *handlers;       /* likewise */
    size_t told;
};

static enum flow look(struct request *req);
static enum flow gather(struct request *req);
static enum flow count(struct request *req);
static enum flow go_on(struct request *req);

static struct complaints_counters *counters(const struct service *service)
{
    return service->counters;
}

static void begin(struct service *service);

static void set_ended(void *owner)
{
    struct service *service = owner;
    bool goes_on = counters(service)->standing_goes_on;

    counters(service)->standing_at_work = 0;
    counters(service)->standing_goes_on = 0;
    if (goes_on && !service->is_stopping)
        begin(service);
}

/* One set at a time in a process; two processes' sets meet in the guards. */
static void begin(struct service *service)
{
    const struct flow_own own = {
        .type = "standings", .step = look, .ended = set_ended, .owner = service};

    if (counters(service)->standing_at_work)
        return;
    counters(service)->standing_at_work = 1;
    if (!flows_start_own(service->flows, &own))
        counters(service)->standing_at_work = 0; /* the job tries again */
}

enum flow standing_look(struct request *req)
{
    begin(req->service);
    return flow_end(req);
}

static enum flow look(struct request *req)
{
    struct counting *r = request_state(req, sizeof(*r));

    r->today = zone_day(&req->service->zone, req->now_us);
    standing_list_marks(req, MARKS_AT_ONCE, &r->marks);
    standing_list_due(req, r->today, DUE_AT_ONCE, &r->due);
    return flow_wait(req, gather);
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

/* Both kinds together, each customer once. */
static bool put_together(struct request *req, struct counting *r)
{
    size_t count = 0;

    r->customers =
        arena_take_array(req->arena, r->marks.count + r->due.count, sizeof(*r->customers));
    if (!r->customers)
        return false;
    for (size_t i = 0; i < r->marks.count; i++)
        r->customers[count++] = r->marks.list[i].customer;
    for (size_t i = 0; i < r->due.count; i++)
        r->customers[count++] = r->due.list[i].customer;
    qsort(r->customers, count, sizeof(*r->customers), by_id);
    r->customer_count = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_id(&r->customers[i], &r->customers[i - 1]) != 0)
            r->customers[r->customer_count++] = r->customers[i];
    return true;
}

static enum flow gather(struct request *req)
{
    struct counting *r = req->state;
    int32_t from = day_add_months(r->today, -MONTHS_BACK);

    if (r->marks.count + r->due.count == 0)
        return flow_end(req);
    if (!put_together(req, r))
        return flow_refuse_large(req);
    case_rules_ask(req, &r->rules);
    standing_list(req, r->customers, r->customer_count, from, &r->rows);
    standing_list_cases(req, r->customers, r->customer_count, from, &r->cases);
    return flow_wait(req, count);
}

/* The customer's cases from `at` on, which is moved behind them. Handlers come in order. */
static struct codec_standing count_cases(const struct counting *r, const struct standing_row *row,
                                         const struct repeat_policy *policy, size_t *at)
{
    struct codec_standing told = {
        .customer = row->customer, .last_us = row->last_us, .handlers = r->handlers};
    size_t count = 0;

    for (; *at < r->cases.count; (*at)++) {
        const struct standing_case *one = &r->cases.list[*at];

        if (by_id(&one->customer, &row->customer) != 0)
            break;
        r->facts[count++] = one->facts;
        if (case_is_ended(one->facts.state) || uuid_is_none(&one->handler))
            continue;
        if (told.handler_count == 0 ||
            by_id(&r->handlers[told.handler_count - 1], &one->handler) != 0)
            r->handlers[told.handler_count++] = one->handler;
    }
    told.standing = repeat_count(r->facts, count, r->today, policy);
    told.standing.total += row->older;
    return told;
}

/* False: the arena is full. */
static bool tell(struct request *req, const struct standing_row *row,
                 const struct codec_standing *now)
{
    static const char type[] = "kehu.complaints.v1.CustomerCasesChanged";
    const ProtobufCMessage *event = codec_customer_cases_changed(now, req->arena);
    struct flow_packed packed;
    bool is_same;

    if (!event || !flow_pack(req, event, &packed))
        return false;
    is_same = packed.count == row->told.bytes &&
              (packed.count == 0 || memcmp(packed.bytes, row->told.at, packed.count) == 0);
    if (row->version == 0 && now->standing.total == 0)
        return true; /* nobody was told otherwise */
    standing_save(req, row, now->standing.next_day, packed.bytes, packed.count);
    if (is_same)
        return true;
    log_add(req, type, &row->customer, packed.bytes, packed.count);
    ((struct counting *)req->state)->told++;
    return true;
}

static enum flow count(struct request *req)
{
    struct counting *r = req->state;
    size_t at = 0;

    r->facts = arena_take_array(req->arena, r->cases.count, sizeof(*r->facts));
    r->handlers = arena_take_array(req->arena, r->cases.count, sizeof(*r->handlers));
    if (!r->facts || !r->handlers)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->rows.count; i++) {
        const struct standing_row *row = &r->rows.list[i];
        const struct codec_standing now = count_cases(r, row, &r->rules.repeat, &at);

        if (!tell(req, row, &now))
            return flow_refuse_large(req);
        if (row->is_merged)
            standing_mark(req, &row->survivor);
    }
    if (r->marks.count > 0)
        standing_remove_marks(req, &r->marks);
    return flow_commit(req, go_on);
}

static enum flow go_on(struct request *req)
{
    struct counting *r = req->state;

    counters(req->service)->standings_counted += r->rows.count;
    counters(req->service)->standings_told += r->told;
    counters(req->service)->standing_goes_on = 1;
    return flow_end(req);
}
