/*
 * The one place where a changed file reaches the search index.
 */
#ifndef KEHU_CUSTOMERS_FILE_SEARCH_H
#define KEHU_CUSTOMERS_FILE_SEARCH_H

#include "common/flow.h"
#include "services/customers/domain/file.h"

/* Search finds by name and phone; other facts do not touch its row. */
bool file_search_needs(const struct fact *fact);
/* Adds the search row of this file, as it is after the change, to the unit. Without a name set on
 * the file it is found by the one that orders told; empty: none did, and it is not found by name.
 */
void file_search_put(struct request *req, const struct id *customer, struct text told_by_orders,
                     const struct file_state *file);

#endif
