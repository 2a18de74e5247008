/*
 * A job: who was erased in the customers service is forgotten here, when no case of his is open:
 * what was written in his cases goes, figures, states and days stay. Said in the log (ErasureDone),
 * so that the customers service knows of it.
 *
 *   look    the first who waits                      -> find
 *   find    his cases, and by which others name him  -> hunt
 *   hunt    what is quarantined of him, by pages     -> erase
 *   erase   one unit; again, while there are more cases
 */
#include "common/audit.h"
#include "common/log.h"
#include "common/pure/uuid.h"
#include "common/quarantine.h"
#include "services/complaints/codec/codec_customers.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/store/case_erase.h"

#define MAX_PAGES 200 /* of the quarantine, which forgets by itself after 30 days */

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
    case_erase_list_names(req, &r->person.id, &r->names);
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
    r->hunt = (struct quarantine_hunt){.words = words, .word_count = r->names.count};
    return flow_wait(req, hunt);
}

/* Once, with the last of his cases. */
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

static enum flow erase(struct request *req)
{
    struct erasing *r = req->state;
    struct flow_packed packed;
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->person.id, id);
    case_erase_cases(req, &r->cases);
    case_erase_settle(req, &r->person, r->values, !r->has_more);
    audit_add(req, "erase cases", id, arena_print(req->arena, "%zu cases", r->cases.count));
    if (!r->has_more) {
        case_erase_numbers(req, &r->person.id, &r->numbers);
        quarantine_remove(req, &r->hunt);
        if (!flow_pack(req,
                       codec_cases_erased(&r->person.id, r->person.values + r->values, req->arena),
                       &packed))
            return flow_refuse_large(req);
        log_add(req, packed.type, &r->person.id, packed.bytes, packed.count);
    }
    return flow_commit(req, flow_end);
}
