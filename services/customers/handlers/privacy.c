#include "services/customers/handlers/privacy.h"

#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/log.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/handlers/people.h"

#define TIMER_KIND "person_erasure"
#define MAX_WORDS 200

static enum flow look(struct request *req);
static enum flow complete(struct request *req);

enum flow privacy_refuse(struct request *req, enum status status,
                         const struct codec_file_faults *faults)
{
    return people_refuse(req, status, faults);
}

enum flow privacy_begin(struct request *req, flow_step next, unsigned needs)
{
    struct privacy_work *work = request_state(req, sizeof(*work));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_person(req->type, req->payload, req->payload_bytes,
                                          people_today(req), req->arena, &work->ask, &faults);

    if (status != OK)
        return privacy_refuse(req, status, &faults);
    work->next = next;
    work->needs = needs;
    if (needs & PRIVACY_NEEDS_RECEIPT)
        command_find(req, &work->seen);
    if (work->ask.is_customer)
        file_find(req, &work->ask.ref, &work->customer);
    else
        privacy_find_contact(req, &work->ask.contact, &work->person);
    return flow_wait(req, look);
}

/* False: *end refuses. */
static bool is_person(struct request *req, const struct file_row *row, enum flow *end)
{
    if (!row->found) {
        flow_violation(req, "person.customer_ref", "leads to no customer");
        *end = flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
        return false;
    }
    if (row->state.party == FILE_PARTY_NONE || row->state.nature != FILE_NATURE_PERSON) {
        flow_violation(req, "person.customer_ref",
                       "leads to an organisation: give the contact_id of one of its people");
        *end = flow_refuse(req, INVALID_ARGUMENT, "only people are restricted and erased");
        return false;
    }
    return true;
}

static enum flow look(struct request *req)
{
    struct privacy_work *work = req->state;
    enum flow end;

    if ((work->needs & PRIVACY_NEEDS_RECEIPT) && command_is_repeat(&work->seen))
        return command_reply_again(req, &work->seen);
    if (work->ask.is_customer) {
        if (!is_person(req, &work->customer, &end))
            return end;
        privacy_find_customer(req, &work->customer.id, &work->person);
    } else if (!work->person.found) {
        flow_violation(req, "person.contact_id", "is no contact's: ListContacts shows their ids");
        return flow_refuse(req, NOT_FOUND, "there is no such contact");
    }
    return flow_wait(req, privacy_gather);
}

enum flow privacy_gather(struct request *req)
{
    struct privacy_work *work = req->state;
    const struct privacy_person *person = &work->person;

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_RETENTION), &work->policies);
    privacy_find_standing(req, &person->id, &work->standing);
    privacy_list_holds(req, &person->id, &work->holds);
    privacy_list_parts(req, &person->id, &work->parts);
    if (work->needs & PRIVACY_NEEDS_ROWS) {
        privacy_read(req, person, &work->of_contacts, &work->of_customers);
        privacy_list_vault(req, &person->id, &work->vault);
    }
    if (work->needs & PRIVACY_NEEDS_COUNT)
        privacy_count(req, person, &work->contact_values, &work->customer_values);
    if (work->needs & PRIVACY_NEEDS_ORDERS)
        privacy_list_orders(req, person, &work->orders);
    return flow_wait(req, complete);
}

/* The statutory hold beside those that were placed. */
static enum flow complete(struct request *req)
{
    struct privacy_work *work = req->state;
    struct codec_policy policy;
    int32_t today = people_today(req), until;
    enum status status =
        codec_policy_find(&work->policies, CODEC_POLICY_RETENTION, 0, req->arena, &policy);

    if (status != OK || !work->holds.list)
        return flow_refuse(req, status ? status : RESOURCE_EXHAUSTED,
                           "the policy of retention cannot be read");
    work->retention = policy.retention;
    if (privacy_retains(work->person.has_transaction, work->person.last_transaction,
                        work->retention.statutory_months, today, &until))
        work->holds.list[work->holds.count++] = (struct privacy_hold){
            .kind = PRIVACY_HOLD_STATUTORY,
            .holder = TEXT_OF("customers"),
            .subject = TEXT_OF("last transaction"),
            .until = until,
        };
    work->held = privacy_standing(work->holds.list, work->holds.count, today);
    return flow_go(req, work->next);
}

enum privacy_state privacy_state_of(const struct privacy_work *work)
{
    return work->standing.found ? work->standing.state : PRIVACY_OPEN;
}

struct codec_privacy_view privacy_view_of(const struct privacy_work *work)
{
    return (struct codec_privacy_view){
        .standing = &work->standing,
        .person = &work->person.id,
        .holds = work->holds.list,
        .hold_count = work->held,
        .parts = &work->parts,
        .values = work->standing.values,
        .free_on = privacy_free_on(work->holds.list, work->held),
    };
}

/* --- what makes him stand otherwise --- */

static bool seal_rows(struct request *req, const struct privacy_work *work)
{
    const struct privacy_rows *rows[] = {&work->of_contacts, &work->of_customers};
    struct codec_privacy_chunks chunks;

    if (!codec_privacy_pack(rows, COUNT_OF(rows), req->arena, &chunks))
        return false;
    for (size_t i = 0; i < chunks.count; i++) {
        const struct seal_place place = {
            .column = PRIVACY_VAULT_COLUMN, .row = request_new_id(req), .part = ""};
        struct text sealed =
            seal_close(req->service->seal, &place, chunks.list[i].json, req->arena);

        if (!sealed.at)
            return false;
        privacy_put_vault(req, &work->person.id, &place.row, chunks.list[i].table, sealed);
    }
    return true;
}

static bool put_back(struct request *req, const struct privacy_work *work)
{
    for (size_t i = 0; i < work->vault.count; i++) {
        const struct privacy_sealed *sealed = &work->vault.list[i];
        const struct seal_place place = {
            .column = PRIVACY_VAULT_COLUMN, .row = sealed->id, .part = ""};
        struct text json;

        if (seal_open(req->service->seal, &place, sealed->sealed, req->arena, &json) != SEAL_OPENED)
            return false;
        privacy_put_back(req, sealed->table, json);
    }
    return true;
}

/* His name and numbers, of the tables and of the vault, out of what others wrote. */
static bool strike(struct request *req, const struct privacy_work *work)
{
    struct text *words = arena_take_array(req->arena, MAX_WORDS, sizeof(*words));
    const struct seal *seal = req->service->seal;
    size_t count = 0;

    if (!words)
        return false;
    count += codec_privacy_words(&work->of_contacts, seal, req->arena, words, MAX_WORDS);
    count += codec_privacy_words(&work->of_customers, seal, req->arena, words + count,
                                 MAX_WORDS - count);
    for (size_t i = 0; i < work->vault.count; i++) {
        struct privacy_rows rows;

        if (!codec_privacy_open(&work->vault.list[i], seal, req->arena, &rows))
            return false;
        count += codec_privacy_words(&rows, seal, req->arena, words + count, MAX_WORDS - count);
    }
    privacy_strike(req, &work->person, words, count);
    return true;
}

static bool tell(struct request *req, const struct privacy_work *work,
                 const ProtobufCMessage *event)
{
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, &work->person.id, packed.bytes, packed.count);
    return true;
}

/* He is looked at again on the first day without a hold. */
static void arm(struct request *req, const struct privacy_work *work, enum privacy_state to)
{
    int32_t free_on = privacy_free_on(work->holds.list, work->held);
    struct day_date date = day_split(free_on == PRIVACY_NO_DAY ? 0 : free_on);
    const struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};
    char id[UUID_TEXT_BYTES], key[80];

    uuid_print(&work->person.id, id);
    snprintf(key, sizeof(key), TIMER_KIND ":%s", id);
    if (to == PRIVACY_ERASING && free_on != PRIVACY_NO_DAY)
        timer_arm(req, key, &work->person.id, zone_moment(&req->service->zone, &midnight), NULL, 0);
    else if (timer_of(req))
        timer_settle(req, timer_of(req));
    else
        timer_disarm(req, key);
}

static bool erase(struct request *req, struct privacy_work *work)
{
    struct privacy_part *part = arena_take(req->arena, sizeof(*part));

    if (!part || !strike(req, work))
        return false;
    *part = (struct privacy_part){TEXT_OF("customers"), req->now_us, work->standing.values};
    work->parts = (struct privacy_parts){part, 1};
    privacy_take_out(req, &work->person, PRIVACY_ERASED);
    privacy_remove_vault(req, &work->person.id);
    privacy_add_part(req, &work->person.id, "customers", work->standing.values);
    return tell(req, work, codec_person_erased(&work->person, req->arena)) &&
           tell(req, work, codec_erasure_done(&work->person.id, work->standing.values, req->arena));
}

static bool change(struct request *req, struct privacy_work *work, enum privacy_state from,
                   enum privacy_state to)
{
    bool was_hidden = from == PRIVACY_RESTRICTED || from == PRIVACY_ERASING;

    switch (to) {
    case PRIVACY_OPEN:
        if (!put_back(req, work))
            return false;
        privacy_show(req, &work->person);
        privacy_remove_vault(req, &work->person.id);
        return tell(req, work, codec_person_restricted(&work->person, true, req->arena));
    case PRIVACY_RESTRICTED:
    case PRIVACY_ERASING:
        if (was_hidden)
            return true;
        privacy_take_out(req, &work->person, to);
        return seal_rows(req, work) &&
               tell(req, work, codec_person_restricted(&work->person, false, req->arena));
    case PRIVACY_ERASED:
        return erase(req, work);
    }
    return true;
}

bool privacy_apply(struct request *req, struct privacy_work *work, enum privacy_state to,
                   struct text reason)
{
    static const char *const acts[] = {"lift restriction", "restrict person",
                                       "restrict person until erasure", "erase person"};
    struct privacy_standing_row *row = &work->standing;
    enum privacy_state from = privacy_state_of(work);
    int64_t known = row->found ? row->version : 0;
    char id[UUID_TEXT_BYTES];
    const char *by = req->actor[0] ? req->actor : req->key.name;

    if (from == PRIVACY_OPEN || (row->values == 0 && to == PRIVACY_ERASED))
        row->values = work->contact_values + work->customer_values;
    *row = (struct privacy_standing_row){
        .found = true,
        .person = work->person.id,
        .is_customer = work->person.is_customer,
        .state = to,
        .reason = reason.bytes > 0 ? reason : row->reason,
        .asked_by = timer_of(req) ? row->asked_by : (struct text){by, strlen(by)},
        .asked_at_us = from == PRIVACY_OPEN ? req->now_us : row->asked_at_us,
        .erased_at_us = to == PRIVACY_ERASED ? req->now_us : 0,
        .values = row->values,
        .version = known,
    };
    privacy_save_standing(req, row, known);
    if (from != to && !change(req, work, from, to))
        return false;
    arm(req, work, to);
    uuid_print(&work->person.id, id);
    audit_add(req, acts[to], id, work->person.is_customer ? "customer" : "contact");
    return true;
}
