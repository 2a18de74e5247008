/*
 * kehu.bus.v1.Publish: a batch of events from an order system, each answered for itself.
 *
 *   decode  → wait for the events' and documents' subjects
 *   ask     → receipts, documents and names, in one trip
 *   sort    → what is known from before, what contradicts it; numbers for new customers
 *   decide  → fold the rest into documents, queue all writes, one commit
 *   answer
 */
#include "services/customers/handlers/publish.h"

#include "common/service.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/reviews.h"

static enum flow ask(struct request *req);
static enum flow sort_out(struct request *req);
static enum flow claim_names(struct request *req);
static enum flow ask_again(struct request *req);
static enum flow draw(struct request *req);
static enum flow decide(struct request *req);
static enum flow answer(struct request *req);

/* Two requests about the same event or the same document go one after the other. */
static enum flow hold_subjects(struct request *req, const struct publishing *r)
{
    uint64_t *hashes = arena_take_array(req->arena, r->batch.intake.count * 2, sizeof(*hashes));
    size_t count = 0;

    if (!hashes)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->batch.intake.count; i++) {
        const struct intake_item *item = &r->batch.intake.items[i];
        if (item->is_rejected)
            continue;
        hashes[count++] = intake_batch_hash(&r->batch, i);
        hashes[count++] = flow_subject_hash("document", item->source, codec_order_of(item)->number);
    }
    return flow_hold(req, hashes, count, ask);
}

enum flow handle_publish(struct request *req)
{
    struct publishing *r = request_state(req, sizeof(*r));
    struct intake_limits limits = {req->received_us, &req->service->zone};
    char field[200], why[300];
    enum status status =
        codec_get_publish(req->payload, req->payload_bytes, &limits, req->arena, &r->batch.intake,
                          field, sizeof(field), why, sizeof(why));
    enum flow end;

    if (!intake_batch_begin(req, &r->batch, status, field, why, &end))
        return end;
    return hold_subjects(req, r);
}

static enum flow ask(struct request *req)
{
    struct publishing *r = req->state;

    intake_batch_ask(req, &r->batch);
    publish_ask_documents(req, r);
    publish_ask_names(req, r);
    return flow_wait(req, sort_out);
}

static enum flow sort_out(struct request *req)
{
    struct publishing *r = req->state;

    if (!intake_batch_sort(req, &r->batch))
        return flow_refuse_large(req);
    publish_match_names(r);
    return flow_go(req, publish_count_unknown(r) > 0 ? claim_names : draw);
}

/* Of two batches that both would make a customer, the second waits and then finds him. What was
 * read before the claim may be stale even when nobody stood in the way: he may have just gone. */
static enum flow claim_names(struct request *req)
{
    struct publishing *r = req->state;
    size_t count = publish_count_unknown(r);
    uint64_t *hashes = arena_take_array(req->arena, count, sizeof(*hashes));

    if (!hashes)
        return flow_refuse_large(req);
    publish_hash_unknown(r, hashes);
    return flow_hold(req, hashes, count, ask_again);
}

static enum flow ask_again(struct request *req)
{
    publish_ask_names(req, req->state);
    return flow_wait(req, draw);
}

static enum flow draw(struct request *req)
{
    struct publishing *r = req->state;

    publish_match_names(r);
    if (publish_count_unknown(r) > 0) {
        reference_take_numbers(req, publish_count_unknown(r), &r->numbers);
        reviews_ask(req, &r->reviews);
    }
    if (r->batch.has_rejected)
        intake_batch_ask_quarantine(req, &r->batch);
    return flow_wait(req, decide);
}

static enum flow decide(struct request *req)
{
    struct publishing *r = req->state;

    publish_match_documents(req, r);
    publish_add_unknown(req, r);
    publish_apply(req, r);
    intake_batch_quarantine(req, &r->batch);
    for (size_t i = 0; i < r->batch.intake.count; i++)
        if (intake_batch_is_open(&r->batch, i))
            intake_batch_accept(req, &r->batch, i);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct publishing *r = req->state;
    struct customers_counters *counters = req->service->counters;

    intake_batch_count(req, &r->batch, &counters->intake);
    return flow_reply(req, intake_published(r->batch.answers, r->batch.intake.count, req->arena));
}
