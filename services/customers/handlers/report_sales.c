/*
 * kehu.customers.v1.ReportSales: the figures by a key, largest first or page by page. By customer
 * the pages follow the customers' ids, so that each page costs the same however many there are; the
 * first page begins with the orders without a customer.
 */
#include <string.h>

#include "common/pure/uuid.h"
#include "services/customers/codec/codec.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/sales.h"

struct reporting {
    struct sales_question question;
    struct sales_rows rows;
    struct sales_customers customers;
};

static enum flow answer(struct request *req);
static enum flow answer_customers(struct request *req);

/* A page token of a key is the currency and the key of the last row before the page. */
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

static enum flow refuse_token(struct request *req)
{
    flow_violation(req, "page_token", "is none; take next_page_token of the answer before");
    return flow_refuse(req, INVALID_ARGUMENT, "the question cannot be answered as asked");
}

static enum flow list_customers(struct request *req, struct reporting *r)
{
    struct text token = r->question.page_token;
    struct id after = {{0}};

    if (r->question.top > 0) {
        sales_list_largest(req, &r->question, &r->rows);
        return flow_wait(req, answer);
    }
    if (token.bytes > 0 && !uuid_parse(token.at, token.bytes, &after))
        return refuse_token(req);
    if (token.bytes == 0)
        sales_list_anonymous(req, &r->question, &r->rows);
    sales_list_customers(req, &r->question, &after, &r->customers);
    return flow_wait(req, answer_customers);
}

enum flow handle_report_sales(struct request *req)
{
    struct reporting *r = request_state(req, sizeof(*r));
    struct text key, currency;
    char field[100], why[300];
    enum status status =
        codec_get_report_sales(req->payload, req->payload_bytes, req->arena, &r->question, field,
                               sizeof(field), why, sizeof(why));

    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(req);
    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the question cannot be answered as asked");
    }
    if (r->question.by == SALES_KEY_IS_CUSTOMER)
        return list_customers(req, r);
    if (!read_token(r->question.page_token, &key, &currency))
        return refuse_token(req);
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

static enum flow answer_customers(struct request *req)
{
    struct reporting *r = req->state;
    size_t count = r->rows.count + r->customers.rows.count;
    struct sales_row *all = arena_take_array(req->arena, count, sizeof(*all));
    char next[UUID_TEXT_BYTES] = "";

    if (!all)
        return flow_refuse_large(req);
    if (r->rows.count > 0)
        memcpy(all, r->rows.list, r->rows.count * sizeof(*all));
    if (r->customers.rows.count > 0)
        memcpy(all + r->rows.count, r->customers.rows.list, r->customers.rows.count * sizeof(*all));
    if (r->customers.read >= r->question.page_size)
        uuid_print(&r->customers.last, next);
    return flow_reply(req, codec_sales_report(all, count, next, req->arena));
}
