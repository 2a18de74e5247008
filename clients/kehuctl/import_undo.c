#include "clients/kehuctl/import_undo.h"

int import_undo_all(struct ctl *ctl, const char *import_number, const char *reason,
                    Kehu__Customers__V1__ImportUndone **last)
{
    Kehu__Customers__V1__UndoImport ask = KEHU__CUSTOMERS__V1__UNDO_IMPORT__INIT;
    struct ctl_progress *progress = NULL;
    uint64_t total = 0;
    int code;

    ask.import_number = (char *)import_number;
    ask.reason = (char *)reason;
    for (;;) {
        Kehu__Customers__V1__ImportUndone *undone = (Kehu__Customers__V1__ImportUndone *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__import_undone__descriptor, &code);

        if (undone == NULL)
            return code;
        if (last != NULL)
            *last = undone;
        if (progress == NULL && undone->remaining > 0) {
            total = undone->remaining;
            progress = ctl_progress_new(ctl, "rows taken back", total);
        }
        if (progress != NULL)
            ctl_progress_set(progress, total - undone->remaining);
        if (undone->remaining == 0)
            break;
    }
    if (progress != NULL)
        ctl_progress_end(progress);
    return CTL_DONE;
}
