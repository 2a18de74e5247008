/*
 * kehu.complaints.v1.ListTasks and SearchLessons: what departments and colleagues owe for cases, by
 * what is due first; what was learned from earlier ones. Both read what may be personal: audited.
 */
#include <string.h>

#include "common/audit.h"
#include "services/complaints/codec/codec_case_part.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/case_part_list.h"

struct listing_tasks {
    struct case_task_question ask;
    struct case_tasks found;
    const char *next;
};

static enum flow audit_tasks(struct request *req);
static enum flow answer_tasks(struct request *req);
static enum flow audit_lessons(struct request *req);
static enum flow answer_lessons(struct request *req);

enum flow handle_list_tasks(struct request *req)
{
    struct listing_tasks *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_list_tasks(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    case_part_list_tasks(req, &r->ask, who_sight(req), who_of(req)->code, who_of(req)->unit,
                         &r->found);
    return flow_wait(req, audit_tasks);
}

static enum flow audit_tasks(struct request *req)
{
    struct listing_tasks *r = req->state;

    r->next = "";
    if (r->found.count > r->ask.page.size) {
        const struct case_task *last = &r->found.list[r->ask.page.size - 1];

        r->found.count = r->ask.page.size;
        r->next = codec_read_print_token(CODEC_READ_TASKS, last->due_us, &last->id, req->arena);
    }
    if (r->found.count == 0)
        return flow_go(req, answer_tasks);
    audit_add(req, "list tasks", "", arena_print(req->arena, "%zu", r->found.count));
    return flow_commit(req, answer_tasks);
}

static enum flow answer_tasks(struct request *req)
{
    struct listing_tasks *r = req->state;

    return flow_reply(
        req, codec_task_list(r->found.list, r->found.count, r->next ? r->next : "", req->arena));
}

/* --- SearchLessons --- */

struct searching {
    struct case_lesson_question ask;
    struct found_lessons found;
    const char *next;
};

enum flow handle_search_lessons(struct request *req)
{
    struct searching *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_search_lessons(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    case_part_search_lessons(req, &r->ask, who_sight(req), &r->found);
    return flow_wait(req, audit_lessons);
}

static enum flow audit_lessons(struct request *req)
{
    struct searching *r = req->state;

    r->next = "";
    if (r->found.count > r->ask.page.size) {
        r->found.count = r->ask.page.size;
        r->next = codec_read_print_token(CODEC_READ_LESSONS, 0,
                                         &r->found.list[r->found.count - 1].lesson.id, req->arena);
    }
    if (r->found.count == 0)
        return flow_go(req, answer_lessons);
    audit_add(req, "search lessons", "", arena_print(req->arena, "%zu", r->found.count));
    return flow_commit(req, answer_lessons);
}

static enum flow answer_lessons(struct request *req)
{
    struct searching *r = req->state;

    return flow_reply(
        req, codec_lesson_list(r->found.list, r->found.count, r->next ? r->next : "", req->arena));
}
