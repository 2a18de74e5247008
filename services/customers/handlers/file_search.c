#include "services/customers/handlers/file_search.h"

#include <string.h>

#include "services/customers/store/search.h"

bool file_search_needs(const struct fact *fact)
{
    return strcmp(fact->field->name, "name") == 0 || strcmp(fact->field->name, "phone") == 0;
}

void file_search_put(struct request *req, const struct id *customer, struct text told_by_orders,
                     const struct file_state *file)
{
    const struct fact *name = file_find_fact(&file->facts, fields_find(TEXT_OF("name")));
    const struct fact *phone = file_find_fact(&file->facts, fields_find(TEXT_OF("phone")));
    struct text known_as = name ? name->value : told_by_orders;

    if (known_as.bytes > 0)
        search_index(req, customer, known_as, file->nature == FILE_NATURE_PERSON,
                     phone ? &phone->value : NULL, phone ? 1 : 0);
}
