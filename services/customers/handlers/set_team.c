/*
 * kehu.customers.v1.SetTeam: who helps the owner of a customer from now on, all of them (R41).
 */
#include <string.h>

#include "common/pure/text.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owner_command.h"

static enum flow decide(struct request *req);

enum flow handle_set_team(struct request *req)
{
    struct owner_command *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_set_team(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    return owner_command_ask(req, decide);
}

static bool check_people(struct request *req, const struct owner_standing *standing, enum flow *end)
{
    const struct owner_command *r = req->state;

    for (size_t i = 0; i < r->question.team_count; i++) {
        const char *field = arena_print(req->arena, "staff[%zu]", i);
        const struct owner_person *person = owner_find_code(&r->people, r->question.team[i]);

        if (!owners_check_taker(req, field ? field : "staff", person, end))
            return false;
        if (standing->has_owner && memcmp(&standing->owner, &person->id, sizeof(struct id)) == 0) {
            flow_violation(req, field ? field : "staff", "is the owner: the team are the others");
            *end = flow_refuse(req, FAILED_PRECONDITION, "the owner is not in his own team");
            return false;
        }
    }
    return true;
}

/* Who is not named leaves. */
static void end_others(struct request *req)
{
    const struct owner_command *r = req->state;
    const struct owner_words named = {r->question.team, r->question.team_count};

    for (size_t i = 0; i < r->present.count; i++) {
        const struct owner_interval *interval = &r->present.list[i];
        const struct owner_ending ending = {.customer = r->customer.file.id,
                                            .interval = interval->id,
                                            .at_us = req->now_us,
                                            .by = file_change_by(req),
                                            .reason = "manual"};
        bool stays = interval->role == OWNER_ROLE_IS_OWNER;

        for (size_t k = 0; k < named.count; k++)
            stays |= text_compare(named.list[k], interval->staff) == 0;
        if (!stays)
            owner_end(req, &ending);
    }
}

static const struct owner_interval *find_member(const struct owner_intervals *present,
                                                struct text code)
{
    for (size_t i = 0; i < present->count; i++)
        if (text_compare(present->list[i].staff, code) == 0)
            return &present->list[i];
    return NULL;
}

static enum flow decide(struct request *req)
{
    struct owner_command *r = req->state;
    const struct owner_standing *standing = owner_command_standing(r);
    size_t count = r->question.team_count, shown = 0;
    struct owner_interval *list = arena_take_array(req->arena, count + 1, sizeof(*list));
    struct id *ids = arena_take_array(req->arena, count, sizeof(*ids));
    enum flow end;

    if (!list || !ids)
        return flow_refuse_large(req);
    if (!check_people(req, standing, &end))
        return end;
    if (r->present.count > 0 && r->present.list[0].role == OWNER_ROLE_IS_OWNER)
        list[shown++] = r->present.list[0];
    end_others(req);
    for (size_t i = 0; i < count; i++) {
        const struct owner_person *person = owner_find_code(&r->people, r->question.team[i]);
        const struct owner_interval *member = find_member(&r->present, person->code);

        ids[i] = person->id;
        list[shown++] =
            member ? *member : owner_command_interval(req, person, OWNER_ROLE_IS_TEAM, req->now_us);
        if (!member)
            owners_add_team(req, &standing->customer, person, file_change_by(req), "manual",
                            r->question.note, (struct text){"", 0});
    }
    const struct owner_intervals team = {list, shown};

    owner_save_state(req, standing, standing->state);
    if (!owners_tell(req, &standing->customer,
                     codec_team_changed(&standing->customer, ids, count, req->arena)))
        return flow_reply(req, NULL);
    return owner_command_commit(req, standing->state, &team);
}
