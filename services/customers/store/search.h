/*
 * The search index: kept in the commit that changes a name or telephone, and looked through.
 */
#ifndef KEHU_CUSTOMERS_STORE_SEARCH_H
#define KEHU_CUSTOMERS_STORE_SEARCH_H

#include "common/flow.h"
#include "services/customers/domain/search.h"
#include "services/customers/store/file.h"

extern const struct pg_statement search_statements[];
extern const size_t search_statement_count;
extern const struct pg_statement search_find_statements[];
extern const size_t search_find_statement_count;

/* --- the index (search.c) --- */

/*
 * The customer is found by this name and the last four digits of these telephones, and by nothing
 * else any more. Telephones as the file has them ("+8613900000001", "+862164321234 ext 801"). Call
 * it in the unit that adds or saves the file: when the file has another name after that, the unit
 * is stale.
 */
void search_index(struct request *req, const struct id *customer, struct text name, bool is_person,
                  const struct text *phones, size_t phone_count);

/* The same for a name told by an order, next to reference_offer_name: where it loses against a
 * later one nothing changes. Telephones stay. */
void search_offer_name(struct request *req, const struct id *customer, struct text name);

/* A job: indexes those of customer_search_waiting, a chunk at a time until none is left. */
enum flow search_index_waiting(struct request *req);

/* --- looking through it (search_find.c) --- */

/* How common the grams are, for search_choose. */
void search_find_statistics(struct request *req, const struct search_grams *grams,
                            struct search_statistics *out);

/* How many of the first customers match, for search_choose_sampled. */
void search_find_sample(struct request *req, const struct search_query *query,
                        struct search_sample *out);

/* Best first: by rank, name's key and id. Of what is found IN_ORDER only beginnings of names have
 * their rank as place. */
void search_find(struct request *req, const struct search_query *query,
                 const struct search_grams *grams, enum search_path path,
                 const struct search_page *page, int32_t today, const char currency[4],
                 struct search_hits *out);
/* Whose telephone or e-mail query->exact is: of the file or of one of his people. */
void search_find_exact(struct request *req, const struct search_query *query,
                       const struct search_page *page, int32_t today, const char currency[4],
                       struct search_hits *out);
/* The one of query->ref, or nobody. */
void search_find_ref(struct request *req, const struct search_query *query, int32_t today,
                     const char currency[4], struct search_hits *out);

/* ICU's transliterators: once per process, opened when the first name comes. */
struct pinyin;
struct pinyin *search_pinyin(void);

#endif
