#include "services/customers/handlers/owner_command.h"

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"

static enum flow look(struct request *req);
static enum flow check(struct request *req);

enum flow owner_command_ask(struct request *req, flow_step decide)
{
    struct owner_command *r = req->state;
    const struct codec_owner_question *question = &r->question;
    const struct owner_names names = {
        .codes = question->staff.bytes > 0 ? &question->staff : question->team,
        .code_count = question->staff.bytes > 0 ? 1 : question->team_count,
    };

    r->decide = decide;
    command_find(req, &r->seen);
    customer_find(req, &question->customer, &r->customer);
    owner_list_people(req, &names, owners_today(req), &r->people);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct owner_command *r = req->state;
    const struct id *customer = &r->customer.file.id;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, customer, &r->sight);
    owner_list_standings(req, customer, 1, owners_today(req), &r->standings);
    owner_list_intervals(req, customer, req->now_us, owners_today(req), &r->present);
    return flow_wait(req, check);
}

static enum flow check(struct request *req)
{
    struct owner_command *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (r->standings.count == 0)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this customer was merged: ask for the one he counts as");
    return flow_go(req, r->decide);
}

const struct owner_standing *owner_command_standing(const struct owner_command *r)
{
    return &r->standings.list[0];
}

struct owner_interval owner_command_interval(struct request *req, const struct owner_person *person,
                                             enum owner_role role, int64_t from_us)
{
    const struct owner_command *r = req->state;

    return (struct owner_interval){
        .staff = person->code,
        .name = person->name,
        .role = role,
        .from_us = from_us,
        .by = codec_ask_text(file_change_by(req)),
        .reason = TEXT_OF("manual"),
        .note = r->question.note,
    };
}

enum flow owner_command_commit(struct request *req, enum owner_state state,
                               const struct owner_intervals *intervals)
{
    struct owner_command *r = req->state;
    const struct codec_owners owners = {
        .customer = r->customer.file.id,
        .number = r->customer.file.number,
        .state = state,
        .intervals = intervals,
    };
    struct owner_intervals silent = {
        .list = arena_take_array(req->arena, intervals->count, sizeof(*silent.list))};
    const struct codec_owners kept = {
        .customer = owners.customer, .number = owners.number, .state = state, .intervals = &silent};
    char id[UUID_TEXT_BYTES];

    for (; silent.list && silent.count < intervals->count; silent.count++) {
        silent.list[silent.count] = intervals->list[silent.count];
        silent.list[silent.count].note = TEXT_OF("");
    }
    uuid_print(&owners.customer, id);
    audit_add(req, "change owner", id, owner_state_name(state));
    return command_commit_private(req, codec_owners(&owners, req->arena),
                                  codec_owners(&kept, req->arena));
}
