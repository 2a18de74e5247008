/*
 * kehu.customers.v1.ExportRows: a page of an export that was started and counted. What leaves is
 * personal, so each page is audited.
 */
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/text.h"
#include "services/customers/codec/codec_export.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/imports.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/export.h"
#include "services/customers/store/import.h"

struct exporting {
    struct codec_export_page ask;
    struct export_record record;
    struct export_rows found;
    bool has_next;
    struct import_facts facts;
    struct contacts contacts;
};

static enum flow list(struct request *req);
static enum flow load(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_export_rows(struct request *req)
{
    struct exporting *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_export_rows(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    export_find(req, r->ask.number, &r->record);
    return flow_wait(req, list);
}

static enum flow list(struct request *req)
{
    struct exporting *r = req->state;
    const char *by = file_change_by(req);
    int64_t left = r->record.rows - r->ask.after.served;

    if (!r->record.found || text_compare(r->record.by, (struct text){by, strlen(by)}) != 0)
        return flow_refuse(req, NOT_FOUND, "you have started no export of this number");
    if (req->now_us - r->record.asked_at_us > EXPORT_OPEN_US)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "its rows could be fetched for an hour: start another export");
    if (left <= 0)
        return flow_go(req, answer);
    if (r->ask.page_size > left)
        r->ask.page_size = (uint32_t)left;
    export_list(req, &r->record, &r->ask.after, r->ask.page_size + 1, &r->found);
    return flow_wait(req, load);
}

static enum flow load(struct request *req)
{
    struct exporting *r = req->state;
    struct id *ids = arena_take_array(req->arena, r->found.count, sizeof(*ids));
    bool is_people = r->record.filter.kind == EXPORT_KIND_CONTACTS;

    if (!ids)
        return flow_refuse_large(req);
    if (r->found.count > r->ask.page_size) {
        r->found.count = r->ask.page_size;
        r->has_next = r->ask.after.served + r->ask.page_size < r->record.rows;
    }
    if (r->found.count == 0)
        return flow_go(req, answer);
    for (size_t i = 0; i < r->found.count; i++)
        ids[i] = is_people ? r->found.list[i].contact : r->found.list[i].customer;
    if (is_people)
        contact_load(req, ids, r->found.count, &r->contacts);
    else
        import_list_facts(req, ids, r->found.count, &r->facts);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct exporting *r = req->state;
    char number[IMPORT_NUMBER_BYTES], detail[60];

    import_number_print(CODEC_EXPORT_PREFIX, r->record.number, number);
    snprintf(detail, sizeof(detail), "%zu rows%s", r->found.count,
             r->record.is_unmasked ? ", unmasked" : "");
    audit_add(req, "export rows", number, detail);
    return flow_commit(req, answer);
}

/* Facts stand together, by customer. */
static struct facts facts_of(struct request *req, const struct exporting *r, const struct id *id)
{
    struct facts facts = {.list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*facts.list))};

    for (size_t i = 0; facts.list && i < r->facts.count && facts.count < FIELDS_MAX; i++)
        if (memcmp(&r->facts.customers[i], id, sizeof(*id)) == 0)
            facts.list[facts.count++] = r->facts.list[i];
    return facts;
}

/* The contact of a row; one may stand at several customers of a page. */
static const struct contact *contact_of(const struct exporting *r, const struct id *id)
{
    for (size_t i = 0; i < r->contacts.count; i++)
        if (memcmp(&r->contacts.list[i].id, id, sizeof(*id)) == 0)
            return &r->contacts.list[i];
    return NULL;
}

static enum flow answer(struct request *req)
{
    struct exporting *r = req->state;
    struct codec_export_row *rows = arena_take_array(req->arena, r->found.count, sizeof(*rows));
    bool is_people = r->record.filter.kind == EXPORT_KIND_CONTACTS;
    struct export_place next = {.served = r->ask.after.served + (int64_t)r->found.count};

    if (!rows || arena_is_full(req->arena))
        return flow_refuse_large(req);
    if (is_people && r->found.count > 0) {
        contact_settle(&r->contacts);
        people_open_channels(req, &r->contacts, r->record.is_unmasked);
    }
    for (size_t i = 0; i < r->found.count; i++) {
        rows[i].row = &r->found.list[i];
        if (is_people)
            rows[i].contact = contact_of(r, &r->found.list[i].contact);
        else
            rows[i].facts = facts_of(req, r, &r->found.list[i].customer);
        next.number = r->found.list[i].number;
        next.contact = r->found.list[i].contact;
    }
    return flow_reply(req, codec_exported_rows(&r->record, rows, r->found.count,
                                               r->has_next ? &next : NULL, req->arena));
}
