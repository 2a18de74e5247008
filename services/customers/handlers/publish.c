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

#include <stdlib.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/pure/text.h"
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

bool publish_is_open(const struct publishing *r, size_t i)
{
    return r->answers[i].outcome == 0;
}

static void reject(struct publishing *r, size_t i, const char *field, const char *why)
{
    r->answers[i] = (struct intake_answer){INTAKE_REJECTED, false, field, why};
    r->has_rejected = true;
}

/* A key limited to some sources publishes from no other: the whole request is refused. */
static bool may_publish(struct request *req, const struct publishing *r)
{
    bool may = true;

    for (size_t i = 0; i < r->intake.count; i++) {
        const struct intake_item *item = &r->intake.items[i];
        char source[65], type[129];

        /* What is not even readable is rejected by itself and has no effect. */
        if (item->is_rejected)
            continue;
        memcpy(source, item->source.at, item->source.bytes);
        source[item->source.bytes] = '\0';
        memcpy(type, item->type.at, item->type.bytes);
        type[item->type.bytes] = '\0';
        if (req->key.administer || key_may_publish(&req->key, source, type))
            continue;
        flow_violation(req, arena_print(req->arena, "events[%zu].source", i),
                       "this key may not publish %s from '%s'", type, source);
        may = false;
        if (i > 100)
            break;
    }
    return may;
}

/* Two requests about the same event or the same document go one after the other. */
static enum flow hold_subjects(struct request *req, const struct publishing *r)
{
    uint64_t *hashes = arena_take_array(req->arena, r->intake.count * 2, sizeof(*hashes));
    size_t count = 0;

    if (!hashes)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->intake.count; i++) {
        const struct intake_item *item = &r->intake.items[i];
        if (item->is_rejected)
            continue;
        hashes[count++] = flow_subject_hash("event", item->source, item->id);
        hashes[count++] = flow_subject_hash("document", item->source, item->event.number);
    }
    return flow_hold(req, hashes, count, ask);
}

enum flow handle_publish(struct request *req)
{
    struct publishing *r = request_state(req, sizeof(*r));
    struct intake_limits limits = {req->received_us, &req->service->zone};
    char field[200], why[300];
    enum status status = codec_get_publish(req->payload, req->payload_bytes, &limits, req->arena,
                                           &r->intake, field, sizeof(field), why, sizeof(why));

    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(req);
    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the payload is no kehu.bus.v1.Publish that can be taken");
    }
    if (!may_publish(req, r))
        return flow_refuse(req, PERMISSION_DENIED, "this key may not publish that");
    r->answers = arena_take_array(req->arena, r->intake.count, sizeof(*r->answers));
    if (!r->answers)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->intake.count; i++)
        if (r->intake.items[i].is_rejected)
            reject(r, i, r->intake.items[i].field, r->intake.items[i].why);
    return hold_subjects(req, r);
}

static enum flow ask(struct request *req)
{
    struct publishing *r = req->state;
    struct receipt_question question = receipt_question_new(req);

    for (size_t i = 0; i < r->intake.count; i++)
        if (publish_is_open(r, i))
            receipt_question_add(&question, r->intake.items[i].source, r->intake.items[i].id);
    receipt_find(req, &question, &r->receipts);
    publish_ask_documents(req, r);
    publish_ask_names(req, r);
    return flow_wait(req, sort_out);
}

static int by_event(const void *a, const void *b)
{
    const struct receipt *one = a, *other = b;
    int order = text_compare(one->source, other->source);

    return order ? order : text_compare(one->id, other->id);
}

static const char conflict[] = "this (source, id) was used before with another payload; an event "
                               "never changes: publish a new one with an id of its own";

/* What the receipts say of an item: nothing, the same as before, or a contradiction. */
static void compare_with_receipt(struct request *req, struct publishing *r, size_t i)
{
    const struct intake_item *item = &r->intake.items[i];
    struct receipt key = {.source = item->source, .id = item->id};
    const struct receipt *receipt = NULL;

    if (r->receipts.count > 0)
        receipt = bsearch(&key, r->receipts.list, r->receipts.count, sizeof(key), by_event);
    if (!receipt)
        return;
    if (memcmp(receipt->hash, item->hash, sizeof(receipt->hash)) != 0) {
        reject(r, i, "id", conflict);
        return;
    }
    bool is_repeat = strcmp(receipt->request, req->id) == 0;

    r->answers[i].outcome = is_repeat ? INTAKE_ACCEPTED : INTAKE_DUPLICATE;
    r->answers[i].is_historic = is_repeat && order_is_historic(item->event.at_us, receipt->at_us);
}

/* One (source, id) twice in one batch: the first is meant; the answer is the same at each sending.
 */
static int by_item(const void *a, const void *b)
{
    const struct intake_item *one = *(const struct intake_item *const *)a;
    const struct intake_item *other = *(const struct intake_item *const *)b;
    int order = text_compare(one->source, other->source);

    if (!order)
        order = text_compare(one->id, other->id);
    return order ? order : (one > other) - (one < other);
}

static bool find_repeats(struct request *req, struct publishing *r)
{
    const struct intake_item **sorted =
        arena_take_array(req->arena, r->intake.count, sizeof(struct intake_item *));
    size_t count = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < r->intake.count; i++)
        if (!r->intake.items[i].is_rejected)
            sorted[count++] = &r->intake.items[i];
    qsort(sorted, count, sizeof(struct intake_item *), by_item);
    for (size_t k = 1; k < count; k++) {
        size_t i = (size_t)(sorted[k] - r->intake.items);
        if (text_compare(sorted[k]->source, sorted[k - 1]->source) != 0 ||
            text_compare(sorted[k]->id, sorted[k - 1]->id) != 0)
            continue;
        if (memcmp(sorted[k]->hash, sorted[k - 1]->hash, sizeof(sorted[k]->hash)) == 0)
            r->answers[i] = (struct intake_answer){.outcome = INTAKE_DUPLICATE};
        else
            reject(r, i, "id", conflict);
    }
    return true;
}

static enum flow sort_out(struct request *req)
{
    struct publishing *r = req->state;

    if (r->receipts.count > 0)
        qsort(r->receipts.list, r->receipts.count, sizeof(*r->receipts.list), by_event);
    for (size_t i = 0; i < r->intake.count; i++)
        if (publish_is_open(r, i))
            compare_with_receipt(req, r, i);
    if (!find_repeats(req, r))
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
    if (r->has_rejected)
        quarantine_find_key(req, &r->quarantine_key);
    return flow_wait(req, decide);
}

static void add_quarantine(struct request *req, struct publishing *r, size_t i)
{
    const struct intake_item *item = &r->intake.items[i];
    struct quarantined quarantined = {
        .source = item->source,
        .event_id = item->id,
        .type = item->type,
        .field = r->answers[i].field,
        .why = r->answers[i].why,
        .content = item->raw,
        .content_bytes = item->raw_bytes,
    };

    quarantine_add(req, &r->quarantine_key, &quarantined);
}

static enum flow decide(struct request *req)
{
    struct publishing *r = req->state;

    publish_match_documents(req, r);
    publish_add_unknown(req, r);
    publish_apply(req, r);
    for (size_t i = 0; i < r->intake.count; i++) {
        const struct intake_item *item = &r->intake.items[i];
        if (r->answers[i].outcome == INTAKE_REJECTED)
            add_quarantine(req, r, i);
        if (!publish_is_open(r, i))
            continue;
        receipt_add(req, item->source, item->id, item->hash);
        r->answers[i].outcome = INTAKE_ACCEPTED;
        r->answers[i].is_historic = order_is_historic(item->event.at_us, req->received_us);
    }
    return flow_commit(req, answer);
}

/* Counted when it is committed and about to be answered. A conflict is a mistake of the source that
 * nobody would notice otherwise: it warns. */
static void count(struct request *req, const struct publishing *r)
{
    struct customers_counters *counters = req->service->counters;

    for (size_t i = 0; i < r->intake.count; i++) {
        const struct intake_answer *one = &r->answers[i];
        counters->accepted += one->outcome == INTAKE_ACCEPTED;
        counters->duplicates += one->outcome == INTAKE_DUPLICATE;
        counters->rejected += one->outcome == INTAKE_REJECTED;
        counters->historic += one->is_historic;
        if (one->why != conflict)
            continue;
        counters->conflicts++;
        logfmt_warning(
            "conflict", "request", req->id, "key", req->key.name, "source",
            arena_copy_text(req->arena, r->intake.items[i].source.at,
                            r->intake.items[i].source.bytes),
            "id",
            arena_copy_text(req->arena, r->intake.items[i].id.at, r->intake.items[i].id.bytes),
            NULL);
    }
}

static enum flow answer(struct request *req)
{
    struct publishing *r = req->state;

    count(req, r);

    return flow_reply(req, codec_published(r->answers, r->intake.count, req->arena));
}
