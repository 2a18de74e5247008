/*
 * kehu.complaints.v1.FindCaller: who is calling, in one question: the customer of the number or
 * reference, how he stands, his last orders, his open cases.
 *
 *   decode  → who alone holds the number; or whom the reference leads to
 *   look    → his card, and his open cases as far as the asker sees them
 *   answer
 */
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_caller.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/caller.h"
#include "services/complaints/store/caller_card.h"
#include "services/complaints/store/case_intake.h"
#include "services/complaints/store/case_list.h"

#define OPEN_CASES 50

struct calling {
    struct codec_find_caller ask;
    struct caller holder;
    struct case_intake_persons persons; /* by reference */
    struct case_list_family family;
    struct id customer, contact;
    struct caller_card card;
    struct case_list_question question;
    struct case_summaries open;
};

static const enum case_state open_states[] = {
    CASE_RECEIVED, CASE_ACKNOWLEDGED,     CASE_INVESTIGATING, CASE_PROPOSED, CASE_AGREED,
    CASE_ANSWERED, CASE_CONFIRMATION_DUE, CASE_CONFIRMED,     CASE_DISPUTED, CASE_REOPENED,
};

static enum flow find(struct request *req);
static enum flow look(struct request *req);
static enum flow answer(struct request *req);

static enum flow refuse_without_hashes(struct request *req)
{
    flow_violation(req, "phone", "cannot be looked for: this installation keeps no keyed hashes");
    return flow_refuse(req, FAILED_PRECONDITION,
                       "KEHU_SEAL_KEYS_FILE is not set: ask by customer_ref");
}

enum flow handle_find_caller(struct request *req)
{
    struct calling *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    uint8_t hash[SEAL_HASH_BYTES];
    enum status status =
        codec_get_find_caller(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    if (r->ask.phone.bytes == 0) {
        struct pg_args *question = case_intake_ask_persons(req);

        case_intake_add_person(question, &r->ask.customer, TEXT_OF(""));
        case_intake_find_persons(req, question, &r->persons);
        return flow_wait(req, find);
    }
    if (!req->service->seal)
        return refuse_without_hashes(req);
    seal_hash(req->service->seal, "phone", r->ask.phone, hash);
    caller_find(req, hash, &r->holder);
    return flow_wait(req, find);
}

static enum flow reply(struct request *req, const struct calling *r, bool is_shown)
{
    struct codec_caller caller = {.found = is_shown, .open = &r->open, .now_us = req->now_us};

    if (is_shown) {
        caller.customer = r->customer;
        caller.contact = r->contact;
        caller.card = uuid_is_none(&r->customer) ? NULL : &r->card;
    }
    return flow_reply(req, codec_caller(&caller, req->arena));
}

static int32_t a_year_ago(const struct request *req)
{
    struct day_date date = day_split(zone_day(&req->service->zone, req->now_us));

    return day_make(date.year - 1, date.month, date.month == 2 && date.day == 29 ? 28 : date.day);
}

static enum flow find(struct request *req)
{
    struct calling *r = req->state;
    struct customer_ref him = {.kind = CUSTOMER_REF_ID};

    if (r->persons.count > 0)
        r->customer = r->persons.list[0].counts_as;
    else
        r->customer = r->holder.customer;
    r->contact = r->holder.contact;
    if (uuid_is_none(&r->customer))
        return reply(req, r, r->holder.found);
    him.id = r->customer;
    case_list_find_customers(req, &him, &r->family);
    caller_card_find(req, &r->customer, a_year_ago(req), &r->card);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct calling *r = req->state;

    /* Who is restricted is hidden, but for those who keep watch over that. */
    if (r->card.is_restricted && !who_sight(req)->sees_restricted)
        return reply(req, r, false);
    r->question = (struct case_list_question){
        .states = open_states,
        .state_count = COUNT_OF(open_states),
        .has_customer = true,
        .customers = r->family.list,
        .customer_count = r->family.count,
        .page_size = OPEN_CASES,
    };
    case_list_rest(req, &r->question, who_sight(req), &r->open);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct calling *r = req->state;

    if (r->open.count > OPEN_CASES)
        r->open.count = OPEN_CASES;
    return reply(req, r, true);
}
