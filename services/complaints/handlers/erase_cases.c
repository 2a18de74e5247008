/*
 * A job: who was erased in the customers service is forgotten here, when no case of his is open:
 * what was written in his cases goes, figures, states and days stay. Said in the log (ErasureDone),
 * so that the customers service knows of it.
 *
 *   look    the first who waits                      -> find
 *   find    his cases, and by which others name him  -> hunt
 *   hunt    what is quarantined of him, by pages     -> erase
 *   erase   one unit; it says where the next look goes on, while there are more cases, more that
 *           is quarantined, or more names of his than one look takes
 */
#include <string.h>

#include "common/audit.h"
#include "common/log.h"
#include "common/pure/uuid.h"
#include "common/quarantine.h"
#include "services/complaints/codec/codec_customers.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/store/case_erase.h"

#define MAX_PAGES 200 /* of the quarantine, in one look */

struct erasing {
    struct case_erase_person person;
    struct case_erase_cases cases;
    struct case_erase_names names;
    struct case_erase_numbers numbers;
    int64_t values;
    struct quarantine_hunt hunt;
    int pages;
    bool has_more;
};

static enum flow find(struct request *req);
static enum flow begin_hunt(struct request *req);
static enum flow hunt(struct request *req);
static enum flow erase(struct request *req);

enum flow erase_cases_look(struct request *req)
{
    struct erasing *r = request_state(req, sizeof(*r));

    case_erase_find_person(req, &r->person);
    return flow_wait(req, find);
}

static enum flow find(struct request *req)
{
    struct erasing *r = req->state;

    if (!r->person.found)
        return flow_end(req);
    case_erase_list(req, &r->person.id, &r->cases);
    case_erase_list_names(req, &r->person, &r->names);
    case_erase_list_numbers(req, &r->person.id, &r->numbers);
    return flow_wait(req, begin_hunt);
}

static enum flow begin_hunt(struct request *req)
{
    struct erasing *r = req->state;
    struct quarantine_word *words = arena_take_array(req->arena, r->names.count, sizeof(*words));

    if (!words)
        return flow_refuse_large(req);
    r->has_more = r->cases.count > CASE_ERASE_AT_ONCE;
    if (r->has_more)
        r->cases.count = CASE_ERASE_AT_ONCE;
    case_erase_count(req, &r->cases, &r->values);
    for (size_t i = 0; i < r->names.count; i++)
        words[i] = (struct quarantine_word){TEXT_OF(""), r->names.list[i].text};
    r->hunt = (struct quarantine_hunt){
        .words = words, .word_count = r->names.count, .day = r->person.place.day};
    memcpy(r->hunt.hash, r->person.place.hash, sizeof(r->hunt.hash));
    return flow_wait(req, hunt);
}

/* With the last of his cases. */
static enum flow hunt(struct request *req)
{
    struct erasing *r = req->state;
    bool is_over = r->pages > 0 && (!r->hunt.goes_on || r->pages == MAX_PAGES);

    if (r->has_more || r->names.count == 0 || is_over)
        return flow_go(req, erase);
    r->pages++;
    quarantine_hunt(req, &r->hunt);
    return flow_wait(req, hunt);
}

/* Where the next look goes on; false: there is nothing more to look at. */
static bool goes_on(const struct erasing *r, struct case_erase_place *next)
{
    *next = r->person.place;
    if (r->has_more)
        return true;
    if (r->hunt.goes_on) {
        next->day = r->hunt.day;
        memcpy(next->hash, r->hunt.hash, sizeof(next->hash));
        return true;
    }
    *next = (struct case_erase_place){.day = 0};
    if (r->names.count < CASE_ERASE_NAMES)
        return false;
    next->named = r->names.list[r->names.count - 1].key;
    return true;
}

/* Nothing is left: what led to him goes, and the others hear of it. False: no memory. */
static bool finish(struct request *req, const struct erasing *r)
{
    struct flow_packed packed;

    case_erase_numbers(req, &r->person.id, &r->numbers);
    if (!flow_pack(req, codec_cases_erased(&r->person.id, r->person.values + r->values, req->arena),
                   &packed))
        return false;
    log_add(req, packed.type, &r->person.id, packed.bytes, packed.count);
    return true;
}

static enum flow erase(struct request *req)
{
    struct erasing *r = req->state;
    struct case_erase_place next;
    bool is_done = !goes_on(r, &next);
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->person.id, id);
    case_erase_cases(req, &r->cases);
    case_erase_settle(req, &r->person, r->values, is_done, &next);
    quarantine_remove(req, &r->hunt);
    if (is_done || r->cases.count > 0)
        audit_add(req, "erase cases", id, arena_print(req->arena, "%zu cases", r->cases.count));
    if (is_done && !finish(req, r))
        return flow_refuse_large(req);
    return flow_commit(req, flow_end);
}
