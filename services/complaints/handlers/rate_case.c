/*
 * kehu.complaints.v1.RateCase: 1 to 5 by the complainant, never by who had part in the case. 4 and
 * 5 confirm it, 1 and 2 dispute it, where that is being asked; a changed rating keeps both.
 *
 *   decode  → the receipt, the case, the rules
 *   look    → whether the asker had part in it, the invitation
 *   decide  → the rating, what follows from it; one commit
 */
#include <string.h>

#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/domain/rating.h"
#include "services/complaints/handlers/confirmations.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_part.h"

#define RATINGS_MAX 20 /* of a case */

struct rating {
    struct case_change change; /* first */
    struct codec_rate ask;
    struct case_part_rating_facts facts;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_rate_case(struct request *req)
{
    struct rating *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_rate(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_CALLS, look);
}

static enum flow look(struct request *req)
{
    struct rating *r = req->state;
    const struct case_file *file = &r->change.after;

    case_part_find_rating_facts(req, &file->id, who_of(req)->code,
                                r->ask.has_invitation ? &r->ask.invitation : NULL, &file->customer,
                                &file->contact, &r->facts);
    return flow_wait(req, decide);
}

static bool is_agent(const struct request *req, const struct rating *r)
{
    const struct who *who = who_of(req);
    const struct case_file *file = &r->change.after;

    return who->is_staff &&
           (r->facts.had_part || memcmp(&who->staff, &file->handler, sizeof(who->staff)) == 0 ||
            memcmp(&who->staff, &file->remedy_by, sizeof(who->staff)) == 0);
}

static bool check(struct request *req, const struct rating *r, enum flow *end)
{
    const struct case_file *file = &r->change.after;
    const struct rating_facts facts = {
        .rating = r->ask.rating,
        .by_agent = is_agent(req, r),
        .is_answered = file->answered_us != 0,
        .is_counted = case_is_counted(CASE_IS_COMPLAINT, file->state),
        .is_historic = file->is_historic,
    };
    enum rating_flaw flaw = rating_check(&facts);

    if (flaw) {
        bool is_own = flaw == RATING_OF_OWN_CASE;

        flow_violation(req,
                       is_own                        ? "actor"
                       : flaw == RATING_OUT_OF_RANGE ? "rating"
                                                     : "ref",
                       "%s", rating_flaw_text(flaw));
        *end = flow_refuse(req, is_own ? PERMISSION_DENIED : FAILED_PRECONDITION, "%s",
                           rating_flaw_text(flaw));
        return false;
    }
    if (r->ask.has_invitation && !r->facts.is_invited) {
        flow_violation(req, "invitation",
                       "is none of this case: leave it out, or give the id that "
                       "the invitation named");
        *end = flow_refuse(req, INVALID_ARGUMENT, "the invitation is of another case");
        return false;
    }
    if (r->facts.ratings >= RATINGS_MAX) {
        flow_violation(req, "ref", "was rated %d times already", RATINGS_MAX);
        *end =
            flow_refuse(req, FAILED_PRECONDITION, "a case is rated at most %d times", RATINGS_MAX);
        return false;
    }
    return true;
}

/* What the rating means for a case of which it is asked whether he is satisfied. A serious one
 * stays open for the call by another. */
static bool follow(struct request *req, struct rating *r, enum flow *end)
{
    struct case_change *change = &r->change;
    struct text reason = r->ask.text;

    if (change->after.state != CASE_CONFIRMATION_DUE)
        return true;
    if (rating_is_satisfied(r->ask.rating))
        return !confirmations_count(change, CONFIRMED_BY_HIMSELF) ||
               confirmations_say_yes(req, change, CONFIRMED_BY_HIMSELF, reason, end);
    if (!rating_is_dissatisfied(r->ask.rating))
        return true;
    if (reason.bytes == 0)
        reason = r->ask.rating == 1 ? TEXT_OF("rated 1 of 5") : TEXT_OF("rated 2 of 5");
    return confirmations_say_no(req, change, reason, NULL, 0, end);
}

static enum flow decide(struct request *req)
{
    struct rating *r = req->state;
    struct case_change *change = &r->change;
    struct id id;
    enum flow end;

    if (!check(req, r, &end) || !follow(req, r, &end))
        return end;
    id = request_new_id(req);
    change->after.rating = r->ask.rating;
    change->made = id;
    change->act_name = "rate";
    case_part_add_rating(req, &change->after.id, &id, r->ask.rating, r->ask.text, who_name(req));
    if (!case_change_tell(req, change,
                          codec_case_rated(&change->after.id, &change->after.customer,
                                           r->ask.rating, req->arena)))
        return flow_refuse_large(req);
    return case_change_commit(req, change, r->ask.text,
                              arena_print(req->arena, "%u of 5", r->ask.rating));
}
