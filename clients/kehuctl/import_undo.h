/*
 * Taking an import back, part by part until nothing remains.
 */
#ifndef KEHU_IMPORT_UNDO_H
#define KEHU_IMPORT_UNDO_H

#include "clients/kehuctl/ctl.h"
#include "kehu/customers/v1/imports.pb-c.h"

/* The code to end with; refusals were said. `last` (may be NULL) is the last answer. */
int import_undo_all(struct ctl *ctl, const char *import_number, const char *reason,
                    Kehu__Customers__V1__ImportUndone **last);

#endif
