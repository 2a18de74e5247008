/* Sub-tasks and actions by what people call them, the end of their id; see command_complaint.h. */
#include <string.h>

#include "command_complaint.h"
#include "common/pure/uuid.h"
#include "ctl_fields.h"

#define MOST_TASKS 500

/* Among what the asker owes: who owes something need not see the case. */
static char *find_owed(struct ctl *ctl, const char *kind, const char *handle)
{
    Kehu__Complaints__V1__ListTasks ask = KEHU__COMPLAINTS__V1__LIST_TASKS__INIT;
    size_t length = strlen(handle);
    char *found = NULL;
    int code;

    ask.owner = (char *)ctl->actor;
    ask.page_size = MOST_TASKS;
    ctl->is_quiet = true;
    Kehu__Complaints__V1__TaskList *list = (Kehu__Complaints__V1__TaskList *)complaint_ask(
        ctl, &ask.base, &kehu__complaints__v1__task_list__descriptor, &code);

    ctl->is_quiet = false;
    for (size_t i = 0; list && i < list->n_tasks; i++) {
        char *id = list->tasks[i]->id;

        if (strcmp(list->tasks[i]->kind, kind) == 0 && strlen(id) >= length && length > 0 &&
            strcmp(id + strlen(id) - length, handle) == 0) {
            if (found)
                return NULL;
            found = id;
        }
    }
    return found;
}

char *complaint_task_id(struct ctl *ctl, const char *kind, const char *handle, int *code)
{
    Kehu__Complaints__V1__GetCase ask = KEHU__COMPLAINTS__V1__GET_CASE__INIT;
    char *owed = ctl->actor ? find_owed(ctl, kind, handle) : NULL;
    struct id id;

    if (uuid_parse(handle, strlen(handle), &id))
        return (char *)handle;
    if (owed)
        return owed;
    ask.ref = (char *)ctl_argument(ctl, 0);
    Kehu__Complaints__V1__Case *one = (Kehu__Complaints__V1__Case *)complaint_ask(
        ctl, &ask.base, &kehu__complaints__v1__case__descriptor, code);

    if (!one)
        return NULL;
    if (strcmp(kind, "subtask") == 0)
        return ctl_fields_whole_id((ProtobufCMessage *const *)one->subtasks, one->n_subtasks,
                                   "subtask_id", handle, code);
    return ctl_fields_whole_id((ProtobufCMessage *const *)one->actions, one->n_actions, "action_id",
                               handle, code);
}
