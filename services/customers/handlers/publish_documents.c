#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/pure/text.h"
#include "services/customers/handlers/publish.h"
#include "services/customers/store/sales.h"

static int by_number(const void *a, const void *b)
{
    const struct publish_document *one = a, *other = b;
    int order = text_compare(one->source, other->source);

    return order ? order : text_compare(one->number, other->number);
}

void publish_ask_documents(struct request *req, struct publishing *r)
{
    struct pg_args *question = order_ask(req);
    struct publish_documents *documents = &r->documents;
    size_t kept = 0;

    *documents = (struct publish_documents){0};
    documents->list = arena_take_array(req->arena, r->batch.intake.count, sizeof(*documents->list));
    if (!documents->list)
        return;
    for (size_t i = 0; i < r->batch.intake.count; i++)
        if (intake_batch_is_open(&r->batch, i))
            documents->list[documents->count++] = (struct publish_document){
                .source = r->batch.intake.items[i].source,
                .number = codec_order_of(&r->batch.intake.items[i])->number};
    if (documents->count == 0)
        return;
    qsort(documents->list, documents->count, sizeof(*documents->list), by_number);
    for (size_t i = 1; i < documents->count; i++)
        if (by_number(&documents->list[i], &documents->list[kept]) != 0)
            documents->list[++kept] = documents->list[i];
    documents->count = kept + 1;
    for (size_t i = 0; i < documents->count; i++)
        order_ask_add(question, documents->list[i].source, documents->list[i].number);
    order_find(req, question, &documents->stored);
}

static struct publish_document *find(const struct publish_documents *documents, struct text source,
                                     struct text number)
{
    struct publish_document key = {.source = source, .number = number};

    if (documents->count == 0)
        return NULL;
    return bsearch(&key, documents->list, documents->count, sizeof(key), by_number);
}

void publish_match_documents(struct request *req, struct publishing *r)
{
    struct publish_documents *documents = &r->documents;

    for (size_t i = 0; i < documents->stored.count; i++) {
        const struct stored_order *stored = &documents->stored.list[i];
        struct publish_document *document = find(documents, stored->source, stored->number);
        if (!document)
            continue;
        document->is_stored = true;
        document->version = stored->version;
        document->before = document->after = stored->order;
    }
    for (size_t i = 0; i < documents->count; i++)
        if (!documents->list[i].is_stored)
            documents->list[i].after.id = request_new_id(req);
}

static void apply_item(struct request *req, struct publishing *r, const struct intake_item *item)
{
    const struct order_event *event = codec_order_of(item);
    struct publish_document *document = find(&r->documents, event->source, event->number);
    struct id customer = {{0}}, counts_as = {{0}}, region = {{0}};
    enum order_change change;

    if (!document)
        return;
    if (event->content)
        publish_resolve(r, event, &customer, &counts_as, &region);
    change = order_apply(&document->after, event, &customer, &region,
                         order_is_historic(event->at_us, req->received_us));
    if (change == ORDER_CHANGED_CONTENT) {
        document->content = event->content;
        document->after.counts_as = counts_as;
    }
    if (change > document->change)
        document->change = change;
    if (event->fact == ORDER_FACT_PAID)
        order_add_payment(req, event);
    if (event->content && event->content->customer.bytes > 0 &&
        event->content->customer_name.bytes > 0) {
        reference_offer_name(req, &customer, event->content->customer_name, event->at_us);
        publish_hear_name(r, event);
    }
}

static bool same_figures(const struct order *a, const struct order *b)
{
    return memcmp(&a->customer, &b->customer, sizeof(a->customer)) == 0 &&
           memcmp(&a->region, &b->region, sizeof(a->region)) == 0 && a->day == b->day &&
           strcmp(a->currency, b->currency) == 0 && a->line_count == b->line_count &&
           a->net_micros == b->net_micros;
}

static void count_figures(struct request *req, const struct publish_document *document)
{
    bool counted = order_counts(&document->before), counts = order_counts(&document->after);

    if (counted == counts && (!counts || same_figures(&document->before, &document->after)))
        return;
    if (counted)
        sales_count(req, &document->before, -1);
    if (counts)
        sales_count(req, &document->after, 1);
}

static void tell_recorded(struct request *req, const struct order *order)
{
    struct packed data = codec_order_recorded(order, req->arena);

    log_add(req, CODEC_ORDER_RECORDED, &order->counts_as, data.at, data.bytes);
}

/* The figures of whom it left have changed too, and so must his version. */
static void tell_moved(struct request *req, const struct publish_document *document)
{
    const struct order *before = &document->before, *after = &document->after;

    if (!before->has_content ||
        memcmp(&before->counts_as, &after->counts_as, sizeof(struct id)) == 0)
        return;
    struct packed data = codec_order_moved(before, &after->counts_as, req->arena);

    log_add(req, CODEC_ORDER_MOVED, &before->counts_as, data.at, data.bytes);
}

static void write_document(struct request *req, const struct publish_document *document)
{
    if (!document->is_stored)
        order_add_key(req, document->source, document->number, &document->after);
    else if (document->change != ORDER_UNCHANGED)
        order_save_key(req, document->source, document->number, document->version,
                       &document->after);
    if (document->change == ORDER_UNCHANGED)
        return;
    if (document->content && document->before.has_content)
        order_remove_content(req, &document->before);
    if (document->content)
        order_add_content(req, document->source, document->number, &document->after,
                          document->content);
    count_figures(req, document);
    /* A document without content is nobody's yet: it is told when its content comes. */
    if (!document->after.has_content)
        return;
    tell_recorded(req, &document->after);
    tell_moved(req, document);
}

void publish_apply(struct request *req, struct publishing *r)
{
    for (size_t i = 0; i < r->batch.intake.count; i++)
        if (intake_batch_is_open(&r->batch, i))
            apply_item(req, r, &r->batch.intake.items[i]);
    publish_offer_names(req, r);
    for (size_t i = 0; i < r->documents.count; i++) {
        /* Documents of items that turned out to be repeats have nothing to say. */
        if (r->documents.list[i].is_stored || r->documents.list[i].change != ORDER_UNCHANGED)
            write_document(req, &r->documents.list[i]);
    }
}
