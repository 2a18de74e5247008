/*
 * kehu.bus.v1.Publish: a batch of what other systems say of complaints, each answered for itself.
 *
 *   decode  → wait for the events' subjects
 *   ask     → receipts, customers, references elsewhere, the rules, in one trip
 *   look    → what they may belong to, and repeat
 *   place   → numbers; the cases that are joined
 *   decide  → queue all writes, one commit
 *   answer
 */
#include "common/intake_batch.h"
#include "common/service.h"
#include "services/complaints/codec/codec_opening.h"
#include "services/complaints/handlers/counters.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/openings_join.h"

struct publishing {
    struct intake_batch batch;
    struct openings_set set; /* one for each item, left where it is no complaint */
};

static enum flow ask(struct request *req);
static enum flow look(struct request *req);
static enum flow place(struct request *req);
static enum flow decide(struct request *req);
static enum flow answer(struct request *req);

static bool is_complaint(const struct publishing *r, size_t i)
{
    return intake_batch_is_open(&r->batch, i) &&
           codec_published_of(&r->batch.intake.items[i])->kind == CODEC_PUBLISHED_COMPLAINT;
}

/* Two requests about the same event, complainant or case go one after the other. */
static enum flow hold_subjects(struct request *req, const struct publishing *r)
{
    size_t items = r->batch.intake.count;
    uint64_t *hashes = arena_take_array(req->arena, items * (1 + OPENINGS_HASHES), sizeof(*hashes));
    size_t count = 0;

    if (!hashes)
        return flow_refuse_large(req);
    for (size_t i = 0; i < items; i++) {
        if (!intake_batch_is_open(&r->batch, i))
            continue;
        hashes[count++] = intake_batch_hash(&r->batch, i);
        if (is_complaint(r, i))
            count += openings_hash(r->set.list[i].opening, hashes + count);
    }
    return flow_hold(req, hashes, count, ask);
}

/* History: of more than seven days ago, or with how it ended. False: no memory. */
static bool make_set(struct request *req, struct publishing *r)
{
    size_t count = r->batch.intake.count;

    r->set = (struct openings_set){
        .list = arena_take_array(req->arena, count, sizeof(*r->set.list)),
        .count = count,
        .by = who_name(req),
    };
    for (size_t i = 0; r->set.list && i < count; i++) {
        const struct intake_item *item = &r->batch.intake.items[i];
        struct openings_one *one = &r->set.list[i];

        one->is_left = !is_complaint(r, i);
        if (one->is_left)
            continue;
        one->opening = &codec_published_of(item)->opening;
        one->is_historic =
            one->opening->recorded.is_recorded || intake_is_historic(item->at_us, req->received_us);
    }
    return r->set.list != NULL;
}

enum flow handle_publish(struct request *req)
{
    struct publishing *r = request_state(req, sizeof(*r));
    struct intake_limits limits = {req->received_us, &req->service->zone};
    char field[200], why[300];
    enum status status =
        codec_get_published(req->payload, req->payload_bytes, &limits, req->arena, &r->batch.intake,
                            field, sizeof(field), why, sizeof(why));
    enum flow end;

    if (!intake_batch_begin(req, &r->batch, status, field, why, &end))
        return end;
    if (!make_set(req, r))
        return flow_refuse_large(req);
    return hold_subjects(req, r);
}

static enum flow ask(struct request *req)
{
    struct publishing *r = req->state;

    intake_batch_ask(req, &r->batch);
    openings_ask(req, &r->set);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct publishing *r = req->state;

    if (!intake_batch_sort(req, &r->batch))
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->set.count; i++)
        r->set.list[i].is_left = !is_complaint(r, i);
    openings_look(req, &r->set);
    return flow_wait(req, place);
}

static enum flow place(struct request *req)
{
    struct publishing *r = req->state;

    openings_sort(req, &r->set);
    for (size_t i = 0; i < r->set.count; i++) {
        const struct openings_one *one = &r->set.list[i];

        if (!one->is_left && one->field)
            intake_batch_reject(&r->batch, i,
                                arena_print(req->arena, "data.complaint.%s", one->field), one->why);
    }
    if (!openings_ask_joined(req, &r->set))
        return flow_refuse_large(req);
    openings_draw(req, &r->set);
    if (r->batch.has_rejected)
        intake_batch_ask_quarantine(req, &r->batch);
    return flow_wait(req, decide);
}

static bool put(struct request *req, struct publishing *r, size_t i)
{
    const struct openings_one *one = &r->set.list[i];

    if (openings_is_joined(one))
        return openings_put_joined(req, &r->set, i);
    return openings_put(req, &r->set, i, false);
}

static enum flow decide(struct request *req)
{
    struct publishing *r = req->state;

    if (openings_has_lost(&r->set))
        return flow_again(req);
    if (!openings_make(req, &r->set))
        return flow_refuse_large(req);
    intake_batch_quarantine(req, &r->batch);
    for (size_t i = 0; i < r->set.count; i++) {
        if (!intake_batch_is_open(&r->batch, i))
            continue;
        if (!r->set.list[i].is_left && !put(req, r, i))
            return flow_refuse_large(req);
        intake_batch_accept(req, &r->batch, i);
        r->batch.answers[i].is_historic |= r->set.list[i].is_historic;
    }
    if (!openings_save_joined(req, &r->set))
        return flow_refuse_large(req);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct publishing *r = req->state;
    struct complaints_counters *counters = req->service->counters;

    intake_batch_count(req, &r->batch, &counters->intake);
    return flow_reply(req, intake_published(r->batch.answers, r->batch.intake.count, req->arena));
}
