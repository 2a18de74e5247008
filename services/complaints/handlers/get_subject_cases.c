/*
 * kehu.complaints.v1.GetSubjectCases: all that is kept of a person's cases, for him to read, of a
 * restricted one too. Each page is audited.
 *
 *   decode    → his cases, a page and one more
 *   read_rows → their rows; of fewer cases, where there are too many for one answer
 *   audit     → the line of the audit
 *   answer
 */
#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_subject.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/subject.h"

struct telling_all {
    struct codec_subject ask;
    struct subject_cases cases;
    struct subject_rows personal, others;
    size_t count; /* of the cases, that are told */
};

static enum flow read_rows(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

/* Keys of desks and systems may call all there is, and see nobody who is restricted. */
static bool is_entrusted(const struct request *req)
{
    return who_of(req)->is_staff || req->key.administer;
}

enum flow handle_get_subject_cases(struct request *req)
{
    struct telling_all *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_subject_cases(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (!is_entrusted(req))
        return flow_refuse(req, PERMISSION_DENIED,
                           "a key as itself may not: name a privacy officer as the actor");
    if (status)
        return refusal_of_faults(req, status, &faults);
    subject_list_cases(req, &r->ask.ids, &r->ask.after, r->ask.page_size + 1, &r->cases);
    return flow_wait(req, read_rows);
}

static enum flow read_rows(struct request *req)
{
    struct telling_all *r = req->state;

    if (r->count == 0)
        r->count = r->cases.count > r->ask.page_size ? r->ask.page_size : r->cases.count;
    subject_read(req, &r->cases, r->count, &r->personal, &r->others);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct telling_all *r = req->state;
    char id[UUID_TEXT_BYTES];

    if ((r->personal.is_cut || r->others.is_cut) && r->count > 1) {
        r->count /= 2;
        return flow_go(req, read_rows);
    }
    if (r->personal.is_cut || r->others.is_cut)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "case %.*s has more than %d rows of one table, and cannot be told in "
                           "one answer: its rows are to be read in the database",
                           (int)r->cases.list[0].number.bytes, r->cases.list[0].number.at,
                           SUBJECT_MAX_ROWS);
    uuid_print(&r->ask.ids.list[0], id);
    audit_add(req, "subject access", id, arena_print(req->arena, "%zu cases", r->count));
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    const struct telling_all *r = req->state;
    const struct codec_subject_page page = {
        .cases = &r->cases,
        .count = r->count,
        .has_more = r->count < r->cases.count,
        .personal = &r->personal,
        .others = &r->others,
        .language = r->ask.language,
    };

    return flow_reply(req, codec_subject_cases(&page, req->arena));
}
