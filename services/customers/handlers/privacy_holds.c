/*
 * kehu.customers.v1.PlaceHold and ReleaseHold: why a person cannot be erased yet. The last hold
 * that is released erases who waits for it, in the same commit.
 */
#include <string.h>

#include "common/audit.h"
#include "common/pure/text.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/privacy.h"

#define NEEDS (PRIVACY_NEEDS_RECEIPT | PRIVACY_NEEDS_ROWS | PRIVACY_NEEDS_COUNT)

static const char *asker(const struct request *req)
{
    return req->actor[0] ? req->actor : req->key.name;
}

static void audit(struct request *req, const struct privacy_work *work, const char *act,
                  const struct privacy_hold *hold)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&work->person.id, id);
    audit_add(req, act, id, privacy_kind_name(hold->kind));
}

/* The hold of the same kind, holder and subject that was not released; `is_standing`: and whose day
 * is not over. NULL: none. */
static struct privacy_hold *find(struct privacy_work *work, const struct privacy_hold *asked,
                                 bool is_standing)
{
    for (size_t i = 0; i < (is_standing ? work->held : work->holds.count); i++) {
        struct privacy_hold *hold = &work->holds.list[i];

        if (hold->released_at_us != 0)
            continue;

        if (hold->kind == asked->kind && text_compare(hold->holder, asked->holder) == 0 &&
            text_compare(hold->subject, asked->subject) == 0)
            return hold;
    }
    return NULL;
}

/* Looks at him again with the holds as they are after this message. */
static bool look_again(struct request *req, struct privacy_work *work, bool *is_erased)
{
    enum privacy_state from = privacy_state_of(work), to;

    *is_erased = false;
    if (from != PRIVACY_ERASING ||
        privacy_move(from, PRIVACY_ASK_LOOK, work->held > 0, &to) != PRIVACY_FINE)
        return true;
    *is_erased = to == PRIVACY_ERASED;
    return privacy_apply(req, work, to, TEXT_OF(""));
}

/* Beside those that stand; one whose day was over stands again. */
static void add(struct privacy_work *work, struct privacy_hold *known,
                const struct privacy_hold *asked)
{
    struct privacy_hold *list = work->holds.list;

    if (!known)
        known = &list[work->holds.count++]; /* there is room for one more (privacy_list_holds) */
    *known = list[work->held];
    list[work->held++] = *asked;
}

static enum flow decide_place(struct request *req)
{
    struct privacy_work *work = req->state;
    struct privacy_hold *asked = &work->ask.hold, *known;
    bool is_erased, stands;

    if (privacy_state_of(work) == PRIVACY_ERASED)
        return flow_refuse(req, FAILED_PRECONDITION, "the person was erased: nothing is held");
    asked->holder = (struct text){asker(req), strlen(asker(req))};
    known = find(work, asked, false);
    stands = find(work, asked, true) != NULL;
    if (!stands && work->held >= PRIVACY_MAX_HOLDS)
        return flow_refuse(req, FAILED_PRECONDITION, "a person may have at most %d holds",
                           PRIVACY_MAX_HOLDS);
    asked->id = known ? known->id : request_new_id(req);
    asked->placed_at_us = req->now_us;
    privacy_put_hold(req, &work->person.id, asked);
    if (stands)
        known->until = asked->until;
    else
        add(work, known, asked);
    audit(req, work, "place hold", asked);
    if (!look_again(req, work, &is_erased))
        return privacy_fail(req);
    return command_commit(req, codec_hold_reply(&asked->id, false, req->arena));
}

enum flow handle_place_hold(struct request *req)
{
    return privacy_begin(req, decide_place, NEEDS);
}

static enum flow decide_release(struct request *req)
{
    struct privacy_work *work = req->state;
    struct privacy_hold *asked = &work->ask.hold, *known, released;
    bool is_erased;

    if (asked->holder.bytes == 0)
        asked->holder = (struct text){asker(req), strlen(asker(req))};
    known = find(work, asked, true);
    if (!known) {
        flow_violation(req, "subject", "has no hold of this kind and holder that stands");
        return flow_refuse(req, NOT_FOUND, "there is no such hold: GetPersonStanding lists them");
    }
    released = *known;
    *known = work->holds.list[--work->held];
    privacy_release_hold(req, &work->person.id, &released);
    audit(req, work, "release hold", &released);
    if (!look_again(req, work, &is_erased))
        return privacy_fail(req);
    return command_commit(req, codec_hold_reply(&released.id, is_erased, req->arena));
}

enum flow handle_release_hold(struct request *req)
{
    return privacy_begin(req, decide_release, NEEDS | PRIVACY_NEEDS_HUNT);
}
