/*
 * kehu.customers.v1.GetSubjectAccess: everything known of a person, for him to read; of a
 * restricted one what is kept sealed. The reading is audited.
 */
#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/privacy.h"

static enum flow answer(struct request *req);

static enum flow audit(struct request *req)
{
    const struct privacy_work *work = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!privacy_is_whole(req, work, &end))
        return end;
    uuid_print(&work->person.id, id);
    audit_add(req, "subject access", id, work->person.is_customer ? "customer" : "contact");
    return flow_commit(req, answer);
}

enum flow handle_get_subject_access(struct request *req)
{
    return privacy_begin(req, audit, PRIVACY_NEEDS_ROWS | PRIVACY_NEEDS_ORDERS);
}

static enum flow answer(struct request *req)
{
    const struct privacy_work *work = req->state;
    size_t count = work->vault.count, used = 0;
    struct privacy_rows *opened = arena_take_array(req->arena, count, sizeof(*opened));
    const struct privacy_rows **rows = arena_take_array(req->arena, count + 3, sizeof(*rows));

    if (!opened || !rows)
        return flow_reply(req, NULL);
    rows[used++] = &work->of_customers;
    rows[used++] = &work->of_contacts;
    rows[used++] = &work->orders;
    for (size_t i = 0; i < count; i++) {
        if (!codec_privacy_open(&work->vault.list[i], req->service->seal, req->arena, &opened[i]))
            return privacy_fail(req);
        rows[used++] = &opened[i];
    }
    return flow_reply(req, codec_subject_access(rows, used, &work->person, req->now_us,
                                                work->ask.lang, req->service->seal, req->arena));
}
