/*
 * Needs and entitlements of customers. Saving is guarded by the version of the row.
 */
#ifndef KEHU_CUSTOMERS_STORE_NEED_H
#define KEHU_CUSTOMERS_STORE_NEED_H

#include "common/flow.h"
#include "services/customers/domain/need.h"

extern const struct pg_statement need_statements[];
extern const size_t need_statement_count;
extern const struct pg_statement entitlement_statements[];
extern const size_t entitlement_statement_count;

/* Its version; 0: the customer has no such need. */
void need_find(struct request *req, const struct id *customer, const struct id *need,
               struct need *out);
/* A new one (version 0) or the next version; stale when it is at another. */
void need_save(struct request *req, const struct need *need, const char *by);
/* A page and one more; of one customer or, NULL, of all within the scope. */
void need_list(struct request *req, const struct need_question *question, const struct id *customer,
               struct needs *out);

struct entitlements {
    struct entitlement *list;
    size_t count;
};
struct entitlement_uses {
    struct entitlement_use *list; /* latest first */
    int64_t *places;              /* of the entitlement in what was asked for, from 1 */
    size_t count;
};
void entitlement_find(struct request *req, const struct id *customer, const struct id *entitlement,
                      struct entitlement *out);
/* A new one (version 0) or the next version; stale when it is at another. */
void entitlement_save(struct request *req, const struct id *customer,
                      const struct entitlement *entitlement, const char *by);
void entitlement_add_use(struct request *req, const struct id *customer,
                         const struct entitlement *entitlement, const struct entitlement_use *use,
                         const char *by);
/* By the day they begin, latest first; a page and one more. `state` "": all. */
void entitlement_list(struct request *req, const struct id *customer, const char *state,
                      const struct id *after, uint32_t page_size, struct entitlements *out);
void entitlement_list_uses(struct request *req, const struct id *customer,
                           const struct entitlements *of, struct entitlement_uses *out);

#endif
