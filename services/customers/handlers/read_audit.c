/*
 * kehu.customers.v1.ReadAudit: for auditors only. The reading is in the audit before anything of it
 * is shown.
 *
 *   decode  → the customer, where the subject is a number or a reference
 *   write   → this reading, committed
 *   list    → the page
 */
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec_audit.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/audit_page.h"
#include "services/customers/store/customer.h"

struct reading {
    struct audit_question question;
    struct found_customer customer;
    int64_t read_at_us;
    struct audit_entries found;
};

static enum flow write_down(struct request *req);
static enum flow list(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_read_audit(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct customer_question ref;
    char field[100], why[300];
    enum status status = codec_get_read_audit(req->payload, req->payload_bytes, req->arena,
                                              &r->question, field, sizeof(field), why, sizeof(why));

    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the audit cannot be read as asked");
    }
    if (r->question.subject.bytes > 0 && customer_question_parse(r->question.subject, &ref) &&
        ref.kind != CUSTOMER_REF_ID)
        customer_find(req, &ref, &r->customer);
    return flow_wait(req, write_down);
}

static enum flow write_down(struct request *req)
{
    struct reading *r = req->state;
    struct audit_question *question = &r->question;
    char id[UUID_TEXT_BYTES];
    const char *detail, *subject;

    if (r->customer.found) {
        uuid_print(&r->customer.file.id, id);
        question->subject = (struct text){arena_copy_text(req->arena, id, strlen(id)), strlen(id)};
    }
    detail = arena_print(req->arena, "actor %.*s, act %.*s", (int)question->actor.bytes,
                         question->actor.at, (int)question->act.bytes, question->act.at);
    subject = arena_copy_text(req->arena, question->subject.at, question->subject.bytes);
    if (!detail || !subject || !question->subject.at)
        return flow_refuse_large(req);
    r->read_at_us = req->now_us;
    audit_add(req, "read audit", subject, detail);
    return flow_commit(req, list);
}

static enum flow list(struct request *req)
{
    struct reading *r = req->state;

    audit_page_list(req, &r->question, r->read_at_us, &r->found);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct reading *r = req->state;
    bool has_next = r->found.count > r->question.page_size;

    if (has_next)
        r->found.count = r->question.page_size;
    return flow_reply(req, codec_audit_entries(&r->found, has_next, req->arena));
}
