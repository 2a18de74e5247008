/*
 * One row about a person, taken back.
 */
#include "services/customers/handlers/undo_import.h"

void undo_import_ask_contacts(struct request *req, struct undoing *r)
{
    (void)req;
    (void)r;
}

void undo_import_contact(struct request *req, struct undoing *r, const struct import_line *line)
{
    undo_import_mark(req, r, line, "kept", "cannot be taken back yet");
}
