/*
 * Decision chains: read whole, guarded by one version per customer, and who should have a decider
 * and has none.
 */
#ifndef KEHU_CUSTOMERS_STORE_DECISION_H
#define KEHU_CUSTOMERS_STORE_DECISION_H

#include "common/flow.h"
#include "services/customers/domain/decision.h"

extern const struct pg_statement decision_statements[];
extern const size_t decision_statement_count;

/* Entries with name and title of their contacts; the version beside them. */
void decision_list(struct request *req, const struct id *customer, struct decision_chain *out);

/* What the need of a decider rests on. */
struct decision_size {
    int64_t staff_count; /* 0: not known */
};
void decision_find_size(struct request *req, const struct id *customer, struct decision_size *out);
/* True when the contact is linked to the customer and may be shown. */
void decision_find_linked(struct request *req, const struct id *customer, const struct id *contact,
                          bool *out);

/* The next version of the chain; stale when it is at another. */
void decision_touch(struct request *req, const struct id *customer, int64_t known_version);
void decision_put(struct request *req, const struct id *customer,
                  const struct decision_entry *entry, const char *by);
/* Those who reported to him report to nobody. */
void decision_remove(struct request *req, const struct id *customer, const struct id *contact);

struct decision_lack {
    struct id id;
    int64_t number;
    struct text name;
    bool is_grade_a, is_large;
    int64_t entries;
};
struct decision_lacks {
    struct decision_lack *list;
    size_t count;
};
struct decision_lack_question {
    bool wants_a, wants_large;
    int64_t large_from;
    uint32_t page_size;
    int64_t after_number;
};
/* A and large customers without a decider, by number, within the scope; a page and one more. */
void decision_list_lacks(struct request *req, const struct decision_lack_question *question,
                         struct decision_lacks *out);

#endif
