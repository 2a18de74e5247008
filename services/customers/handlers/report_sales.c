/*
 * kehu.customers.v1.ReportSales: the figures by a key, largest first or page by page.
 */
#include <string.h>

#include "services/customers/codec/codec.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/sales.h"

struct reporting {
    struct sales_question question;
    struct sales_rows rows;
};

static enum flow answer(struct request *req);

/* A page token is the currency and the key of the last row before the page. */
static bool read_token(struct text token, struct text *key, struct text *currency)
{
    *key = *currency = TEXT_OF("");
    if (token.bytes == 0)
        return true;
    if (token.bytes < 4 || token.at[3] != '.')
        return false;
    *currency = (struct text){token.at, 3};
    *key = (struct text){token.at + 4, token.bytes - 4};
    return true;
}

enum flow handle_report_sales(struct request *req)
{
    struct reporting *r = request_state(req, sizeof(*r));
    struct text key, currency;
    char field[100], why[300];
    enum status status =
        codec_get_report_sales(req->payload, req->payload_bytes, req->arena, &r->question, field,
                               sizeof(field), why, sizeof(why));

    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the question cannot be answered as asked");
    }
    if (!read_token(r->question.page_token, &key, &currency)) {
        flow_violation(req, "page_token", "is none; take next_page_token of the answer before");
        return flow_refuse(req, INVALID_ARGUMENT, "the question cannot be answered as asked");
    }
    sales_list(req, &r->question, key, currency, &r->rows);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct reporting *r = req->state;
    size_t count = r->rows.count;
    const char *next = "";

    if (r->question.top == 0 && count > r->question.page_size) {
        const struct sales_row *last = &r->rows.list[--count - 1];
        next =
            arena_print(req->arena, "%s.%.*s", last->currency, (int)last->key.bytes, last->key.at);
    }
    return flow_reply(req, codec_sales_report(r->rows.list, count, next, req->arena));
}
