#include "common/intake_batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/pure/text.h"
#include "kehu/bus/v1/service.pb-c.h"

bool intake_batch_is_open(const struct intake_batch *batch, size_t i)
{
    return batch->answers[i].outcome == 0;
}

void intake_batch_reject(struct intake_batch *batch, size_t i, const char *field, const char *why)
{
    batch->answers[i] = (struct intake_answer){INTAKE_REJECTED, false, field, why};
    batch->has_rejected = true;
}

/* A key limited to some sources publishes from no other: the whole request is refused. */
static bool may_publish(struct request *req, const struct intake *intake)
{
    bool may = true;

    for (size_t i = 0; i < intake->count; i++) {
        const struct intake_item *item = &intake->items[i];
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

bool intake_batch_begin(struct request *req, struct intake_batch *batch, enum status decoded,
                        const char *field, const char *why, enum flow *end)
{
    if (decoded == RESOURCE_EXHAUSTED) {
        *end = flow_refuse_large(req);
        return false;
    }
    if (decoded != OK) {
        flow_violation(req, field, "%s", why);
        *end = flow_refuse(req, decoded, "the payload is no kehu.bus.v1.Publish that can be taken");
        return false;
    }
    if (!may_publish(req, &batch->intake)) {
        *end = flow_refuse(req, PERMISSION_DENIED, "this key may not publish that");
        return false;
    }
    batch->answers = arena_take_array(req->arena, batch->intake.count, sizeof(*batch->answers));
    if (!batch->answers) {
        *end = flow_refuse_large(req);
        return false;
    }
    for (size_t i = 0; i < batch->intake.count; i++)
        if (batch->intake.items[i].is_rejected)
            intake_batch_reject(batch, i, batch->intake.items[i].field, batch->intake.items[i].why);
    return true;
}

uint64_t intake_batch_hash(const struct intake_batch *batch, size_t i)
{
    return flow_subject_hash("event", batch->intake.items[i].source, batch->intake.items[i].id);
}

void intake_batch_ask(struct request *req, struct intake_batch *batch)
{
    struct receipt_question question = receipt_question_new(req);

    for (size_t i = 0; i < batch->intake.count; i++)
        if (intake_batch_is_open(batch, i))
            receipt_question_add(&question, batch->intake.items[i].source,
                                 batch->intake.items[i].id);
    receipt_find(req, &question, &batch->receipts);
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
static void compare_with_receipt(struct request *req, struct intake_batch *batch, size_t i)
{
    const struct intake_item *item = &batch->intake.items[i];
    struct receipt key = {.source = item->source, .id = item->id};
    const struct receipt *receipt = NULL;

    if (batch->receipts.count > 0)
        receipt = bsearch(&key, batch->receipts.list, batch->receipts.count, sizeof(key), by_event);
    if (!receipt)
        return;
    if (memcmp(receipt->hash, item->hash, sizeof(receipt->hash)) != 0) {
        intake_batch_reject(batch, i, "id", conflict);
        return;
    }
    bool is_repeat = strcmp(receipt->request, req->id) == 0;

    batch->answers[i].outcome = is_repeat ? INTAKE_ACCEPTED : INTAKE_DUPLICATE;
    batch->answers[i].is_historic = is_repeat && intake_is_historic(item->at_us, receipt->at_us);
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

static bool find_repeats(struct request *req, struct intake_batch *batch)
{
    const struct intake_item **sorted =
        arena_take_array(req->arena, batch->intake.count, sizeof(struct intake_item *));
    size_t count = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < batch->intake.count; i++)
        if (!batch->intake.items[i].is_rejected)
            sorted[count++] = &batch->intake.items[i];
    qsort(sorted, count, sizeof(struct intake_item *), by_item);
    for (size_t k = 1; k < count; k++) {
        size_t i = (size_t)(sorted[k] - batch->intake.items);
        if (text_compare(sorted[k]->source, sorted[k - 1]->source) != 0 ||
            text_compare(sorted[k]->id, sorted[k - 1]->id) != 0)
            continue;
        if (memcmp(sorted[k]->hash, sorted[k - 1]->hash, sizeof(sorted[k]->hash)) == 0)
            batch->answers[i] = (struct intake_answer){.outcome = INTAKE_DUPLICATE};
        else
            intake_batch_reject(batch, i, "id", conflict);
    }
    return true;
}

bool intake_batch_sort(struct request *req, struct intake_batch *batch)
{
    if (batch->receipts.count > 0)
        qsort(batch->receipts.list, batch->receipts.count, sizeof(*batch->receipts.list), by_event);
    for (size_t i = 0; i < batch->intake.count; i++)
        if (intake_batch_is_open(batch, i))
            compare_with_receipt(req, batch, i);
    return find_repeats(req, batch);
}

void intake_batch_ask_quarantine(struct request *req, struct intake_batch *batch)
{
    quarantine_find_key(req, &batch->quarantine_key);
}

void intake_batch_accept(struct request *req, struct intake_batch *batch, size_t i)
{
    const struct intake_item *item = &batch->intake.items[i];

    receipt_add(req, item->source, item->id, item->hash);
    batch->answers[i].outcome = INTAKE_ACCEPTED;
    batch->answers[i].is_historic = intake_is_historic(item->at_us, req->received_us);
}

static void add_quarantine(struct request *req, struct intake_batch *batch, size_t i)
{
    const struct intake_item *item = &batch->intake.items[i];
    struct quarantined quarantined = {
        .source = item->source,
        .event_id = item->id,
        .type = item->type,
        .field = batch->answers[i].field,
        .why = batch->answers[i].why,
        .content = item->raw,
        .content_bytes = item->raw_bytes,
    };

    quarantine_add(req, &batch->quarantine_key, &quarantined);
}

void intake_batch_quarantine(struct request *req, struct intake_batch *batch)
{
    for (size_t i = 0; i < batch->intake.count; i++)
        if (batch->answers[i].outcome == INTAKE_REJECTED)
            add_quarantine(req, batch, i);
}

void intake_batch_count(struct request *req, const struct intake_batch *batch,
                        struct intake_counts *counts)
{
    for (size_t i = 0; i < batch->intake.count; i++) {
        const struct intake_answer *one = &batch->answers[i];
        const struct intake_item *item = &batch->intake.items[i];

        counts->accepted += one->outcome == INTAKE_ACCEPTED;
        counts->duplicates += one->outcome == INTAKE_DUPLICATE;
        counts->rejected += one->outcome == INTAKE_REJECTED;
        counts->historic += one->is_historic;
        if (one->why != conflict)
            continue;
        counts->conflicts++;
        logfmt_warning("conflict", "request", req->id, "key", req->key.name, "source",
                       arena_copy_text(req->arena, item->source.at, item->source.bytes), "id",
                       arena_copy_text(req->arena, item->id.at, item->id.bytes), NULL);
    }
}

_Static_assert((int)INTAKE_ACCEPTED == KEHU__BUS__V1__OUTCOME__OUTCOME_ACCEPTED &&
                   (int)INTAKE_DUPLICATE == KEHU__BUS__V1__OUTCOME__OUTCOME_DUPLICATE &&
                   (int)INTAKE_REJECTED == KEHU__BUS__V1__OUTCOME__OUTCOME_REJECTED,
               "outcomes have the same numbers on the wire");

static void fill_item(const struct intake_answer *answer, Kehu__Bus__V1__PublishedItem *item)
{
    kehu__bus__v1__published_item__init(item);
    item->outcome = (Kehu__Bus__V1__Outcome)answer->outcome;
    item->historic = answer->is_historic;
    if (answer->field)
        item->field = (char *)answer->field;
    if (answer->why)
        item->why = (char *)answer->why;
}

static void count_item(const struct intake_answer *answer, Kehu__Bus__V1__Published *published)
{
    switch (answer->outcome) {
    case INTAKE_ACCEPTED:
        published->accepted++;
        published->historic += answer->is_historic;
        break;
    case INTAKE_DUPLICATE:
        published->duplicates++;
        break;
    case INTAKE_REJECTED:
        published->rejected++;
        break;
    }
}

const ProtobufCMessage *intake_published(const struct intake_answer *answers, size_t count,
                                         struct arena *arena)
{
    Kehu__Bus__V1__Published *published = arena_take(arena, sizeof(*published));
    Kehu__Bus__V1__PublishedItem *items = arena_take_array(arena, count, sizeof(*items));
    Kehu__Bus__V1__PublishedItem **list = arena_take_array(arena, count, sizeof(*list));

    if (!published || !items || !list)
        return NULL;
    kehu__bus__v1__published__init(published);
    published->items = list;
    published->n_items = count;
    for (size_t i = 0; i < count; i++) {
        fill_item(&answers[i], &items[i]);
        count_item(&answers[i], published);
        list[i] = &items[i];
    }
    return &published->base;
}
