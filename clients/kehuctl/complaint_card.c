/* See complaint_card.h. */
#include "complaint_card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_fields.h"
#include "ctl_words.h"

static const char *word(const struct ctl *ctl, const char *name)
{
    return complaint_word(ctl, WORDS_LABEL, name);
}

static void print_part(struct ctl *ctl, const char *title, struct ctl_table *table)
{
    printf("\n%s\n", word(ctl, title));
    ctl_table_print(table);
}

/* "5 working days", "120 minutes of business time"; of a date of its own nothing. */
static const char *term_text(struct ctl *ctl, const Kehu__Complaints__V1__Clock *clock)
{
    bool is_zh = ctl_is_zh(ctl);
    const char *clock_of = word(ctl, clock->wall_clock ? "wall clock" : "of business time");

    if (clock->working_days)
        return arena_print(ctl->arena, "%u%s%s", clock->working_days, is_zh ? "" : " ",
                           word(ctl, clock->working_days == 1 ? "working day" : "working days"));
    if (!clock->minutes)
        return "";
    if (is_zh)
        return arena_print(ctl->arena, "%u分钟(%s)", clock->minutes, clock_of);
    return arena_print(ctl->arena, "%u minutes %s", clock->minutes, clock_of);
}

/* "breached", "met", "running, 30 minutes paused". */
static const char *standing_text(struct ctl *ctl, const Kehu__Complaints__V1__Clock *clock)
{
    const char *text =
        complaint_word(ctl, WORDS_RUNNING, clock->outcome[0] ? clock->outcome : clock->state);

    if (clock->breached_at && !clock->outcome[0])
        text =
            arena_print(ctl->arena, "%s, %s", text, complaint_word(ctl, WORDS_RUNNING, "breached"));
    if (clock->paused_minutes)
        text = arena_print(ctl->arena, "%s, %u %s", text, clock->paused_minutes,
                           word(ctl, "minutes paused"));
    return text;
}

static bool is_running(const Kehu__Complaints__V1__Clock *clock)
{
    return strcmp(clock->state, "running") == 0 || strcmp(clock->state, "paused") == 0;
}

static int64_t seconds_of(const Google__Protobuf__Timestamp *at)
{
    return at ? at->seconds : INT64_MAX;
}

/* Those that run, by what is due first; then those that are over, as they began. */
static int compare_clocks(const void *a, const void *b)
{
    const Kehu__Complaints__V1__Clock *left = *(Kehu__Complaints__V1__Clock *const *)a;
    const Kehu__Complaints__V1__Clock *right = *(Kehu__Complaints__V1__Clock *const *)b;
    bool runs = is_running(left);

    if (runs != is_running(right))
        return runs ? -1 : 1;
    int64_t one = runs ? seconds_of(left->due_at) : seconds_of(left->started_at);
    int64_t other = runs ? seconds_of(right->due_at) : seconds_of(right->started_at);

    if (one == other) {
        one = seconds_of(left->due_at);
        other = seconds_of(right->due_at);
    }
    return one != other ? (one < other ? -1 : 1) : strcmp(left->kind, right->kind);
}

void complaint_card_clocks(struct ctl *ctl, Kehu__Complaints__V1__Clock *const *clocks,
                           size_t count, bool whole)
{
    static const char *const labels[] = {"deadline", "due", "status", "term", "started"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));
    Kehu__Complaints__V1__Clock **sorted = arena_take_array(ctl->arena, count + 1, sizeof(*sorted));
    size_t shown = 0;

    for (size_t i = 0; sorted && i < count; i++)
        if (whole || strcmp(clocks[i]->state, "superseded") != 0)
            sorted[shown++] = clocks[i];
    if (shown == 0)
        return;
    qsort(sorted, shown, sizeof(*sorted), compare_clocks);
    for (size_t i = 0; i < shown; i++) {
        const Kehu__Complaints__V1__Clock *clock = sorted[i];
        const char *cells[] = {complaint_word(ctl, WORDS_CLOCK, clock->kind),
                               ctl_local_time(ctl, clock->due_at), standing_text(ctl, clock),
                               term_text(ctl, clock), ctl_local_time(ctl, clock->started_at)};

        ctl_table_row(table, cells);
    }
    print_part(ctl, "Deadlines", table);
}

/* --- work --- */

static void print_subtasks(struct ctl *ctl, Kehu__Complaints__V1__Subtask *const *list,
                           size_t count)
{
    static const char *const labels[] = {"id", "unit", "owner", "due", "text", "result"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {
            ctl_fields_handle(list[i]->subtask_id), list[i]->unit, list[i]->owner,
            ctl_local_time(ctl, list[i]->due_at),   list[i]->text, list[i]->result};

        ctl_table_row(table, cells);
    }
    if (count)
        print_part(ctl, "Sub-tasks", table);
}

static void print_actions(struct ctl *ctl, Kehu__Complaints__V1__Action *const *list, size_t count)
{
    static const char *const labels[] = {"id", "owner", "due", "text", "verified", "moved to"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {ctl_fields_handle(list[i]->action_id),
                               list[i]->owner,
                               list[i]->due_on,
                               complaint_line(ctl, list[i]->text),
                               arena_print(ctl->arena, "%s%s%s", list[i]->verified_on,
                                           list[i]->verified_by[0] ? " " : "",
                                           list[i]->verified_by),
                               ctl_fields_handle(list[i]->improvement_id)};

        ctl_table_row(table, cells);
    }
    if (count)
        print_part(ctl, "Actions", table);
}

static void print_lessons(struct ctl *ctl, Kehu__Complaints__V1__Lesson *const *list, size_t count)
{
    if (count)
        printf("\n%s\n", word(ctl, "Lessons"));
    for (size_t i = 0; i < count; i++) {
        const Kehu__Complaints__V1__Lesson *lesson = list[i];

        if (lesson->same_as[0])
            printf("  %s %s\n", word(ctl, "same as"), lesson->same_as);
        else if (lesson->none_because[0])
            printf("  %s %s\n", word(ctl, "none, because"), lesson->none_because);
        else
            printf("  %s%s%s%s\n", lesson->text, lesson->cause[0] ? " (" : "", lesson->cause,
                   lesson->cause[0] ? ")" : "");
    }
}

void complaint_card_work(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    print_subtasks(ctl, one->subtasks, one->n_subtasks);
    print_actions(ctl, one->actions, one->n_actions);
    print_lessons(ctl, one->lessons, one->n_lessons);
}

/* --- what was said, what was done --- */

/* Lists come with the latest first or last; people read them as it happened. */
static bool is_latest_first(const Google__Protobuf__Timestamp *first,
                            const Google__Protobuf__Timestamp *last)
{
    return first && last && first->seconds >= last->seconds;
}

void complaint_card_messages(struct ctl *ctl, Kehu__Complaints__V1__CaseMessage *const *messages,
                             size_t count)
{
    static const char *const labels[] = {"at", "id", "kind", "channel", "who", "status", "text"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    bool backwards = count && is_latest_first(messages[0]->at, messages[count - 1]->at);

    for (size_t i = 0; i < count; i++) {
        const Kehu__Complaints__V1__CaseMessage *one = messages[backwards ? count - 1 - i : i];
        const char *cells[] = {ctl_local_time(ctl, one->at),
                               ctl_fields_handle(one->message_id),
                               word(ctl, one->internal           ? "internal"
                                         : one->from_complainant ? "from the complainant"
                                                                 : "to the complainant"),
                               complaint_word(ctl, WORDS_CHANNEL, one->channel),
                               one->by,
                               complaint_word(ctl, WORDS_OUTCOME, one->delivery),
                               complaint_line(ctl, one->text)};

        ctl_table_row(table, cells);
    }
    if (count)
        print_part(ctl, "Messages", table);
}

void complaint_card_history(struct ctl *ctl, Kehu__Complaints__V1__CaseEntry *const *entries,
                            size_t count)
{
    static const char *const labels[] = {"at", "who", "what", "state", "reason"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    for (size_t i = count; i-- > 0;) {
        const Kehu__Complaints__V1__CaseEntry *one = entries[i];
        const char *cells[] = {
            ctl_local_time(ctl, one->at), one->by, complaint_word(ctl, WORDS_ACT, one->act),
            one->from == one->to
                ? ""
                : complaint_enum_word(ctl, WORDS_STATE,
                                      &kehu__complaints__v1__case_state__descriptor, (int)one->to),
            complaint_line(ctl, one->reason[0] ? one->reason : one->detail)};

        ctl_table_row(table, cells);
    }
    if (count)
        print_part(ctl, "History", table);
}
