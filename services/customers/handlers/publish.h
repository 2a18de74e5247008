/*
 * What the files of Publish share: the state of the request while a batch goes through its steps.
 *
 *   publish.c            the steps
 *   publish_names.c      customers and regions by the names of their source, made where unknown
 *   publish_documents.c  events folded into documents, and what is written of them
 */
#ifndef KEHU_CUSTOMERS_PUBLISH_H
#define KEHU_CUSTOMERS_PUBLISH_H

#include "common/flow.h"
#include "common/intake_batch.h"
#include "common/policy.h"
#include "services/customers/codec/codec.h"
#include "services/customers/store/order.h"
#include "services/customers/store/reference.h"

/* A customer's reference or a region's name, and whose id it is. */
struct publish_name {
    struct text source;
    struct text name;
    struct id id;
    struct id counts_as; /* the survivor of a merged customer; else the same */
    bool is_known;       /* false: to be made by this request */
    bool is_historic;    /* the first event that names it is of the past */
    struct text told;    /* of a customer: the latest name this batch tells; empty: none */
    int64_t told_at_us;
};

/* Sorted and without repeats. */
struct publish_names {
    struct publish_name *list;
    size_t count;
    struct references found; /* as read */
};

/* A document of the batch: how it stood, how it stands, what is to be written. */
struct publish_document {
    struct text source;
    struct text number;
    bool is_stored;
    int32_t version;
    struct order before, after;
    enum order_change change;
    const struct order_content *content; /* the one that prevailed in this batch; NULL: none */
};

struct publish_documents {
    struct publish_document *list; /* sorted by source and number */
    size_t count;
    struct stored_orders stored; /* as read */
};

struct publishing {
    struct intake_batch batch;
    struct publish_documents documents;
    struct publish_names customers, regions;
    struct numbers numbers;
    struct policy_rows reviews;
};

/* --- publish_names.c --- */

/* Asks for all names that open items mention. */
void publish_ask_names(struct request *req, struct publishing *r);
/* Takes what was read over; after it, unknown names are those to be made. */
void publish_match_names(struct publishing *r);
size_t publish_count_unknown(const struct publishing *r);
/* The subjects of the unknown names, publish_count_unknown of them. */
void publish_hash_unknown(const struct publishing *r, uint64_t *hashes);
/* Makes customers and regions for the unknown names, with the numbers drawn. */
void publish_add_unknown(struct request *req, struct publishing *r);
/* Who an item's content is about, and who he counts as; the anonymous customer of the region where
 * it names none. */
void publish_resolve(const struct publishing *r, const struct order_event *event,
                     struct id *customer, struct id *counts_as, struct id *region);
/* Remembers the name that an event tells of its customer. */
void publish_hear_name(struct publishing *r, const struct order_event *event);
/* Offers the names heard to the search index, one for each customer. */
void publish_offer_names(struct request *req, const struct publishing *r);

/* --- publish_documents.c --- */

void publish_ask_documents(struct request *req, struct publishing *r);
void publish_match_documents(struct request *req, struct publishing *r);
/* Applies the open items in the order sent and queues every write and event that follows. */
void publish_apply(struct request *req, struct publishing *r);

#endif
