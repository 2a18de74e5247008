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
#include "services/customers/store/customer.h"
#include "services/customers/store/personal.h"

#define MAX_PAGES 200 /* of the quarantine, in one go */

static enum flow look(struct request *req);
static enum flow complete(struct request *req);
static enum flow hunt(struct request *req);

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
    } else if (work->needs & PRIVACY_NEEDS_RECEIPT && work->person.self_number) {
        char number[CUSTOMER_REF_NUMBER_BYTES];

        customer_ref_print_number(work->person.self_number, number);
        flow_violation(req, "person.contact_id", "is %s himself: give customer_ref %s", number,
                       number);
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the contact is himself a customer, whose file says the same of him");
    }
    return flow_wait(req, privacy_gather);
}

static void ask_references(struct request *req, struct privacy_work *work)
{
    const struct privacy_person *person = &work->person;

    work->files = arena_take_array(req->arena, person->customer_count, sizeof(*work->files));
    for (size_t i = 0; work->files && i < person->customer_count; i++)
        customer_list_references(req, &person->customers[i].id, &work->files[i]);
}

enum flow privacy_gather(struct request *req)
{
    struct privacy_work *work = req->state;
    const struct privacy_person *person = &work->person;

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_RETENTION), &work->policies);
    privacy_find_standing(req, &person->id, &work->standing);
    privacy_list_holds(req, &person->id, &work->holds);
    privacy_list_parts(req, &person->id, &work->parts);
    case_seen_list_open(req, person, &work->cases);
    if (work->needs & PRIVACY_NEEDS_ROWS) {
        privacy_read(req, person, &work->of_contacts, &work->of_customers);
        privacy_list_vault(req, &person->id, &work->vault);
    }
    if (work->needs & PRIVACY_NEEDS_COUNT)
        privacy_count(req, person, &work->contact_tally, &work->customer_tally);
    if (work->needs & PRIVACY_NEEDS_ORDERS)
        privacy_list_orders(req, person, &work->orders);
    if (work->needs & PRIVACY_NEEDS_HUNT)
        ask_references(req, work);
    return flow_wait(req, complete);
}

/* The cases that the complaints service told of, until it tells that they have ended. */
static void hold_for_cases(struct privacy_work *work)
{
    for (size_t i = 0; i < work->cases.count; i++)
        work->holds.list[work->holds.count++] = (struct privacy_hold){
            .kind = PRIVACY_HOLD_CASE,
            .holder = TEXT_OF("complaints"),
            .subject = work->cases.list[i].number,
            .until = PRIVACY_NO_DAY,
        };
}

/* The statutory hold and open cases beside those that were placed. */
static enum flow complete(struct request *req)
{
    struct privacy_work *work = req->state;
    struct codec_policy policy;
    int32_t today = people_today(req), until;
    enum status status =
        codec_policy_find(&work->policies, CODEC_POLICY_RETENTION, 0, req->arena, &policy);

    if (!work->holds.list)
        return flow_refuse_large(req);
    if (status != OK)
        return flow_refuse(req, status, "the policy of retention cannot be read");
    work->retention = policy.retention;
    if (privacy_retains(work->person.has_transaction, work->person.last_transaction,
                        work->retention.statutory_months, today, &until))
        work->holds.list[work->holds.count++] = (struct privacy_hold){
            .kind = PRIVACY_HOLD_STATUTORY,
            .holder = TEXT_OF("customers"),
            .subject = TEXT_OF("last transaction"),
            .until = until,
        };
    hold_for_cases(work);
    work->held = privacy_standing(work->holds.list, work->holds.count, today);
    if (work->needs & PRIVACY_NEEDS_HUNT && !work->ask.is_dry_run)
        return flow_go(req, hunt);
    return flow_go(req, work->next);
}

/* --- what of him is quarantined --- */

/* Where the next part of a hunt begins, as data of the timer. */
#define PLACE_BYTES (sizeof(int32_t) + 32)

bool privacy_hunts_on(const struct privacy_work *work)
{
    return work->held == 0 && work->hunt.goes_on;
}

static void arm_hunt(struct request *req, const struct privacy_work *work, const char *key)
{
    uint8_t place[PLACE_BYTES];

    memcpy(place, &work->hunt.day, sizeof(work->hunt.day));
    memcpy(place + sizeof(work->hunt.day), work->hunt.hash, sizeof(work->hunt.hash));
    timer_arm(req, key, &work->person.id, req->now_us, place, sizeof(place));
}

/* His words, of the tables and of the vault. False: no memory, or a part that does not open. */
static bool find_words(struct request *req, struct privacy_work *work)
{
    const struct seal *seal = req->service->seal;
    size_t parts = work->vault.count + 2, room = 0;
    struct privacy_rows *rows = arena_take_array(req->arena, parts, sizeof(*rows));

    if (!rows)
        return false;
    rows[0] = work->of_contacts;
    rows[1] = work->of_customers;
    for (size_t i = 0; i < work->vault.count; i++)
        if (!codec_privacy_open(&work->vault.list[i], seal, req->arena, &rows[2 + i]))
            return false;
    for (size_t i = 0; i < parts; i++)
        room += codec_privacy_word_room(&rows[i]);
    work->words = arena_take_array(req->arena, room + 1, sizeof(*work->words));
    for (size_t i = 0; work->words && i < parts; i++)
        work->word_count += codec_privacy_words(
            &rows[i], seal, req->arena, work->words + work->word_count, room - work->word_count);
    return work->words != NULL;
}

/* An external id as protocol buffers write it, with its length before it. */
static struct quarantine_word reference_word(const struct customer_reference *ref,
                                             struct arena *arena)
{
    char *at = arena_take(arena, ref->external_id.bytes + 1);

    if (!at || ref->external_id.bytes > 127)
        return (struct quarantine_word){ref->source, {"", 0}};
    at[0] = (char)ref->external_id.bytes;
    memcpy(at + 1, ref->external_id.at, ref->external_id.bytes);
    return (struct quarantine_word){ref->source, {at, ref->external_id.bytes + 1}};
}

static bool begin_hunt(struct request *req, struct privacy_work *work)
{
    struct quarantine_word *words;
    size_t count = 0, room;

    if (!find_words(req, work))
        return false;
    room = work->word_count;
    for (size_t i = 0; work->files && i < work->person.customer_count; i++)
        room += work->files[i].reference_count;
    words = arena_take_array(req->arena, room, sizeof(*words));
    if (!words)
        return false;
    for (size_t i = 0; i < work->word_count; i++)
        words[count++] = (struct quarantine_word){{"", 0}, work->words[i]};
    for (size_t i = 0; work->files && i < work->person.customer_count; i++)
        for (size_t k = 0; k < work->files[i].reference_count; k++)
            words[count++] = reference_word(&work->files[i].references[k], req->arena);
    work->hunt = (struct quarantine_hunt){.words = words, .word_count = count};
    if (timer_of(req) && timer_of(req)->data_bytes == PLACE_BYTES) {
        memcpy(&work->hunt.day, timer_of(req)->data, sizeof(work->hunt.day));
        memcpy(work->hunt.hash, timer_of(req)->data + sizeof(work->hunt.day),
               sizeof(work->hunt.hash));
    }
    return true;
}

static enum flow hunt(struct request *req)
{
    struct privacy_work *work = req->state;

    if (work->pages == 0 && !begin_hunt(req, work))
        return privacy_fail(req);
    if (work->pages > 0 && (!work->hunt.goes_on || work->pages == MAX_PAGES))
        return flow_go(req, work->next);
    work->pages++;
    quarantine_hunt(req, &work->hunt);
    return flow_wait(req, hunt);
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

    if (!codec_privacy_pack(rows, COUNT_OF(rows), req->service->seal, req->arena, &chunks))
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
        struct text json;

        if (!codec_privacy_restore(sealed, req->service->seal, req->arena, &json))
            return false;
        privacy_put_back(req, sealed->table, json);
    }
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

/* He is looked at again on the first day without a hold; at once, when there is more to hunt. */
static void arm(struct request *req, const struct privacy_work *work, enum privacy_state to)
{
    int32_t free_on = privacy_free_on(work->holds.list, work->held);
    struct day_date date = day_split(free_on == PRIVACY_NO_DAY ? 0 : free_on);
    const struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};
    char id[UUID_TEXT_BYTES], key[80];

    uuid_print(&work->person.id, id);
    snprintf(key, sizeof(key), PRIVACY_TIMER ":%s", id);
    if (to == PRIVACY_ERASING && privacy_hunts_on(work))
        arm_hunt(req, work, key);
    else if (to == PRIVACY_ERASING && free_on != PRIVACY_NO_DAY)
        timer_arm(req, key, &work->person.id, zone_moment(&req->service->zone, &midnight), NULL, 0);
    else if (timer_of(req))
        timer_settle(req, timer_of(req));
    else
        timer_disarm(req, key);
}

/* Holds that stand and have a row: the calculated one has none. */
static size_t count_placed(const struct privacy_work *work)
{
    size_t count = 0;

    for (size_t i = 0; i < work->held; i++)
        count += work->holds.list[i].placed_at_us != 0;
    return count;
}

static bool erase(struct request *req, struct privacy_work *work)
{
    struct privacy_part *part = arena_take(req->arena, sizeof(*part));

    if (!part)
        return false;
    privacy_strike(req, &work->person, work->words, work->word_count);
    quarantine_remove(req, &work->hunt);
    *part = (struct privacy_part){TEXT_OF("customers"), req->now_us, work->standing.values};
    work->parts = (struct privacy_parts){part, 1};
    privacy_take_out(req, &work->person, PRIVACY_ERASED, work->contact_tally.mark,
                     work->customer_tally.mark);
    privacy_guard_holds(req, &work->person.id, people_today(req), count_placed(work));
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
        privacy_take_out(req, &work->person, to, work->contact_tally.mark,
                         work->customer_tally.mark);
        return seal_rows(req, work) &&
               tell(req, work, codec_person_restricted(&work->person, false, req->arena));
    case PRIVACY_ERASED:
        return erase(req, work);
    }
    return true;
}

enum flow privacy_fail(struct request *req)
{
    if (arena_is_full(req->arena))
        return flow_reply(req, NULL);
    return flow_refuse(req, INTERNAL,
                       "a sealed part cannot be opened: is its key still in the ring?");
}

static bool is_whole(const struct privacy_work *work)
{
    return privacy_has_all(&work->of_contacts) && privacy_has_all(&work->of_customers);
}

enum privacy_state privacy_after_hunt(const struct privacy_work *work, enum privacy_state to)
{
    return to == PRIVACY_ERASED && privacy_hunts_on(work) && is_whole(work) ? PRIVACY_ERASING : to;
}

bool privacy_is_whole(struct request *req, const struct privacy_work *work, enum flow *end)
{
    if (is_whole(work))
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION,
                       "more than %d rows of one table are about this person: he can be erased, "
                       "not told or restricted",
                       PERSONAL_MAX_ROWS);
    return false;
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
    const char *by = timer_of(req) ? "kehu" : req->actor[0] ? req->actor : req->key.name;

    if (from == PRIVACY_OPEN || (row->values == 0 && to == PRIVACY_ERASED))
        row->values = work->contact_tally.values + work->customer_tally.values;
    *row = (struct privacy_standing_row){
        .found = true,
        .person = work->person.id,
        .is_customer = work->person.is_customer,
        .state = to,
        .reason = reason.bytes > 0 ? reason : row->reason,
        .asked_by =
            timer_of(req) && from != PRIVACY_OPEN ? row->asked_by : (struct text){by, strlen(by)},
        .asked_at_us = from == PRIVACY_OPEN ? req->now_us : row->asked_at_us,
        .erased_at_us = to == PRIVACY_ERASED ? req->now_us : 0,
        .values = row->values,
        .version = known,
    };
    privacy_save_standing(req, row, known);
    if (from != to && !change(req, work, from, to))
        return false;
    if (to == PRIVACY_ERASING && privacy_hunts_on(work))
        quarantine_remove(req, &work->hunt); /* of this part; erase() does it of the last */
    arm(req, work, to);
    uuid_print(&work->person.id, id);
    audit_add(req, acts[to], id, work->person.is_customer ? "customer" : "contact");
    return true;
}
