#include "grade_follow.h"

#include <string.h>
#include <time.h>

#define FIRST_PAUSE_MS 20
#define LONGEST_PAUSE_MS 500

static void pause_ms(long ms)
{
    const struct timespec span = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&span, NULL);
}

static Kehu__Customers__V1__GradeRun *ask_run(struct ctl *ctl, const ProtobufCMessage *ask,
                                              int *code)
{
    return (Kehu__Customers__V1__GradeRun *)ctl_ask(
        ctl, ask, &kehu__customers__v1__grade_run__descriptor, code);
}

Kehu__Customers__V1__GradeRun *
grade_follow_run(struct ctl *ctl, const Kehu__Customers__V1__RunGrades *ask, int *code)
{
    Kehu__Customers__V1__GetGradeRun again = KEHU__CUSTOMERS__V1__GET_GRADE_RUN__INIT;
    Kehu__Customers__V1__GradeRun *run = ask_run(ctl, &ask->base, code);
    long pause = FIRST_PAUSE_MS;

    if (!run)
        return NULL;
    struct ctl_progress *progress = ctl_progress_new(ctl, "grading", run->total);

    again.run_id = run->run_id;
    while (run && run->state == KEHU__CUSTOMERS__V1__GRADE_RUN_STATE__GRADE_RUN_STATE_RUNNING) {
        pause_ms(pause);
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
        run = ask_run(ctl, &again.base, code);
        if (run)
            ctl_progress_set(progress, run->done);
    }
    ctl_progress_end(progress);
    if (run && run->state != KEHU__CUSTOMERS__V1__GRADE_RUN_STATE__GRADE_RUN_STATE_FINISHED) {
        ctl_say("run %s failed: %s", run->run_id, run->failure);
        *code = CTL_UNFINISHED;
        return NULL;
    }
    return run;
}

bool grade_follow_add(struct ctl *ctl, struct grade_follow_list *list, void *const *more,
                      size_t count)
{
    if (list->count + count > list->room) {
        size_t room = (list->count + count) * 2;
        void **larger = arena_take_array(ctl->arena, room, sizeof(*larger));

        if (!larger) {
            ctl_say("the list is larger than this program's memory");
            return false;
        }
        if (list->count)
            memcpy(larger, list->at, list->count * sizeof(*larger));
        list->at = larger;
        list->room = room;
    }
    if (count)
        memcpy(list->at + list->count, more, count * sizeof(*more));
    list->count += count;
    return true;
}
