/*
 * Rows about people.
 */
#include "services/customers/handlers/import_rows.h"

void import_contacts_ask(struct request *req, struct importing *r)
{
    (void)req;
    (void)r;
}

void import_contacts_relate(struct request *req, struct importing *r)
{
    (void)req;
    (void)r;
}

void import_contacts_decide(struct request *req, struct importing *r)
{
    (void)req;
    for (size_t i = 0; i < r->ask.count; i++)
        if (import_rows_is_open(r, i))
            codec_import_reject(&r->rows[i], "", "cannot be taken yet");
}
