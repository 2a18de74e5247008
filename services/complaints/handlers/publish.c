/*
 * kehu.bus.v1.Publish: a batch of what other systems say of complaints, each answered for itself.
 *
 *   decode  → wait for the events' subjects
 *   ask     → receipts, customers, references elsewhere, the cases replied to, in one trip
 *   look    → what complaints may belong to, and repeat
 *   place   → the cases that are joined
 *   follow  → where those were merged, what they were merged into; then numbers
 *   decide  → queue all writes, one commit
 *   answer
 */
#include <string.h>

#include "common/intake_batch.h"
#include "common/pure/text.h"
#include "common/service.h"
#include "services/complaints/codec/codec_opening.h"
#include "services/complaints/handlers/counters.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/openings_join.h"

struct publishing {
    struct intake_batch batch;
    struct openings_set set;  /* one for each item, left where it makes no case */
    struct case_heard *heard; /* replies, deliveries, and complaints that join a case */
    size_t *heard_by;         /* the item of each */
    size_t heard_count;
};

static enum flow ask(struct request *req);
static enum flow look(struct request *req);
static enum flow place(struct request *req);
static enum flow follow(struct request *req);
static enum flow decide(struct request *req);
static enum flow answer(struct request *req);

static const struct codec_published *event_of(const struct publishing *r, size_t i)
{
    return codec_published_of(&r->batch.intake.items[i]);
}

static bool is_complaint(const struct publishing *r, size_t i)
{
    return intake_batch_is_open(&r->batch, i) && event_of(r, i)->kind == CODEC_PUBLISHED_COMPLAINT;
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

/* History: of more than seven days ago, or with how it ended. */
static void begin_complaint(struct request *req, struct publishing *r, size_t i)
{
    struct openings_one *one = &r->set.list[i];

    one->is_left = !is_complaint(r, i);
    one->joins_place = OPENINGS_NOWHERE;
    if (one->is_left)
        return;
    one->opening = &event_of(r, i)->opening;
    one->is_historic = one->opening->recorded.is_recorded ||
                       intake_is_historic(r->batch.intake.items[i].at_us, req->received_us);
}

static bool make_set(struct request *req, struct publishing *r)
{
    size_t count = r->batch.intake.count;

    r->heard = arena_take_array(req->arena, count, sizeof(*r->heard));
    r->heard_by = arena_take_array(req->arena, count, sizeof(*r->heard_by));
    r->set = (struct openings_set){
        .list = arena_take_array(req->arena, count, sizeof(*r->set.list)),
        .count = count,
        .by = who_name(req),
    };
    if (!r->heard || !r->heard_by || !r->set.list)
        return false;
    for (size_t i = 0; i < count; i++)
        begin_complaint(req, r, i);
    return true;
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

/* --- replies and deliveries --- */

static const char *in_data(struct request *req, const char *field)
{
    const char *path = arena_print(req->arena, "data.%s", field);

    return path ? path : "data";
}

/* A reply to a complaint of this same batch, by its reference elsewhere: it joins that one. */
static bool is_to_new(struct request *req, struct publishing *r, size_t i, struct text ref)
{
    struct customer_ref parts;

    if (!customer_ref_parse(ref, &parts) || parts.kind != CUSTOMER_REF_EXTERNAL)
        return false;
    for (size_t k = 0; k < i; k++) {
        const struct opening *opening = r->set.list[k].opening;

        if (!is_complaint(r, k) || text_compare(opening->external_id, parts.external_id) != 0 ||
            text_compare(opening->external_source, parts.source) != 0)
            continue;
        struct opening *said = arena_take(req->arena, sizeof(*said));

        if (!said)
            return false;
        *said = (struct opening){.content = event_of(r, i)->text,
                                 .channel = event_of(r, i)->channel,
                                 .submitted_us = r->batch.intake.items[i].at_us};
        r->set.list[i].opening = said;
        r->set.list[i].joins_place = k;
        return true;
    }
    return false;
}

static void hear(struct request *req, struct publishing *r, size_t i)
{
    const struct codec_published *event = event_of(r, i);
    struct case_heard *heard = &r->heard[r->heard_count];
    int64_t at_us = r->batch.intake.items[i].at_us;

    *heard = (struct case_heard){.is_delivery = event->kind == CODEC_PUBLISHED_DELIVERY};
    if (!heard->is_delivery && is_to_new(req, r, i, event->case_ref))
        return;
    if (heard->is_delivery)
        heard->delivery = (struct codec_delivery){
            .message = event->message, .outcome = event->outcome, .at_us = at_us};
    else
        heard->words = (struct codec_words){.ref = "",
                                            .text = event->text,
                                            .channel = case_channel_name(event->channel),
                                            .attachments = TEXT_OF("[]"),
                                            .at_us = at_us};
    if (!case_heard_of(req, event->case_ref, at_us, heard)) {
        intake_batch_reject(&r->batch, i, in_data(req, heard->field), heard->why);
        return;
    }
    r->heard_by[r->heard_count++] = i;
}

static enum flow look(struct request *req)
{
    struct publishing *r = req->state;

    if (!intake_batch_sort(req, &r->batch))
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->set.count; i++) {
        r->set.list[i].is_left = !is_complaint(r, i);
        if (intake_batch_is_open(&r->batch, i) && !is_complaint(r, i))
            hear(req, r, i);
    }
    openings_look(req, &r->set);
    return flow_wait(req, place);
}

/* --- what becomes of each --- */

static enum flow place(struct request *req)
{
    struct publishing *r = req->state;

    openings_sort(req, &r->set);
    for (size_t i = 0; i < r->set.count; i++) {
        const struct openings_one *one = &r->set.list[i];

        if (!one->is_left && one->field)
            intake_batch_reject(&r->batch, i,
                                arena_print(req->arena, "data.complaint.%s", one->field), one->why);
        if (one->is_left && one->joins_place != OPENINGS_NOWHERE &&
            !openings_is_new(&r->set.list[one->joins_place]))
            intake_batch_reject(&r->batch, i, "data.case_ref", "leads to no case");
        if (!openings_is_joined(one))
            continue;
        if (!openings_hear(req, one, &r->heard[r->heard_count]))
            return flow_refuse_large(req);
        r->heard_by[r->heard_count++] = i;
    }
    case_heard_ask(req, r->heard, r->heard_count);
    return flow_wait(req, follow);
}

/* What is said too late of its case is a case of its own. False: begin again. */
static bool open_late(struct request *req, struct publishing *r)
{
    for (size_t k = 0; k < r->heard_count; k++) {
        size_t i = r->heard_by[k];
        struct openings_one *one = &r->set.list[i];

        if (openings_is_joined(one) && openings_has_lost(req, &r->heard[k]))
            return false;
        if (case_heard_recurs(req, &r->heard[k]) &&
            !case_heard_open(req, r->heard[k].change, &r->heard[k].words, one))
            return false;
    }
    return true;
}

static enum flow follow(struct request *req)
{
    struct publishing *r = req->state;

    if (case_heard_follow(req, r->heard, r->heard_count))
        return flow_wait(req, follow);
    if (!open_late(req, r))
        return arena_is_full(req->arena) ? flow_refuse_large(req) : flow_again(req);
    openings_draw(req, &r->set);
    /* A delivery may yet be refused. */
    if (r->batch.has_rejected || r->heard_count > 0)
        intake_batch_ask_quarantine(req, &r->batch);
    return flow_wait(req, decide);
}

/* The words and outcomes for cases that are there. */
static bool put_heard(struct request *req, struct publishing *r, enum flow *end)
{
    for (size_t k = 0; k < r->heard_count; k++)
        r->heard[k].recurs_as = r->set.list[r->heard_by[k]].file.number;
    if (!case_heard_put(req, r->heard, r->heard_count, end))
        return false;
    for (size_t k = 0; k < r->heard_count; k++)
        if (r->heard[k].why)
            intake_batch_reject(&r->batch, r->heard_by[k], in_data(req, r->heard[k].field),
                                r->heard[k].why);
    return true;
}

static bool is_put(const struct openings_one *one)
{
    return openings_is_new(one) || (!one->field && one->joins_place != OPENINGS_NOWHERE);
}

static enum flow decide(struct request *req)
{
    struct publishing *r = req->state;
    enum flow end;

    if (!openings_make(req, &r->set))
        return flow_refuse_large(req);
    if (!put_heard(req, r, &end))
        return end;
    intake_batch_quarantine(req, &r->batch);
    for (size_t i = 0; i < r->set.count; i++) {
        if (!intake_batch_is_open(&r->batch, i))
            continue;
        if (is_put(&r->set.list[i]) && !openings_put(req, &r->set, i, false))
            return flow_refuse_large(req);
        intake_batch_accept(req, &r->batch, i);
    }
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct publishing *r = req->state;
    struct complaints_counters *counters = req->service->counters;

    intake_batch_count(req, &r->batch, &counters->intake);
    return flow_reply(req, intake_published(r->batch.answers, r->batch.intake.count, req->arena));
}
