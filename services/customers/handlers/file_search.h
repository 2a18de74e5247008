/*
 * The one place where a changed file reaches the search index.
 */
#ifndef KEHU_CUSTOMERS_FILE_SEARCH_H
#define KEHU_CUSTOMERS_FILE_SEARCH_H

#include "common/flow.h"
#include "services/customers/domain/file.h"

/* Search finds by name and phone; other facts do not touch its row. */
bool file_search_needs(const struct fact *fact);
/* Adds the search row of this file, as it is after the change, to the unit. */
void file_search_put(struct request *req, const struct id *customer, const struct file_state *file);

#endif
