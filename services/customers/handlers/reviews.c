/*
 * When files are due for review: the policy in force, and the walk over all files after another
 * one was applied.
 */
#include "services/customers/handlers/reviews.h"

#include "services/customers/codec/codec_policy.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/review.h"

/* Of one round of the job, so that it ends long before its deadline. */
#define CHUNKS_AT_ONCE 50

void reviews_ask(struct request *req, struct policy_rows *out)
{
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_REVIEW), out);
}

static bool read_policy(struct request *req, const struct policy_rows *rows,
                        struct codec_policy *out)
{
    return codec_policy_find(rows, CODEC_POLICY_REVIEW, 0, req->arena, out) == OK;
}

struct grade_review_policy reviews_policy(struct request *req, const struct policy_rows *rows)
{
    struct codec_policy policy;

    return read_policy(req, rows, &policy) ? policy.review : grade_policy_standard_review();
}

/* --- the walk --- */

struct walking {
    struct policy_rows rows;
    struct review_pass pass;
    unsigned chunks;
};

static enum flow ask(struct request *req);
static enum flow decide(struct request *req);

enum flow review_look(struct request *req)
{
    request_state(req, sizeof(struct walking));
    return flow_go(req, ask);
}

static enum flow ask(struct request *req)
{
    struct walking *r = req->state;

    reviews_ask(req, &r->rows);
    review_find_pass(req, &r->pass);
    return flow_wait(req, decide);
}

/* Another chunk, until there is none left; a newer version begins at the first file again. */
static enum flow decide(struct request *req)
{
    struct walking *r = req->state;
    struct codec_policy policy;

    if (r->chunks++ == CHUNKS_AT_ONCE || !read_policy(req, &r->rows, &policy))
        return flow_end(req);
    if (r->pass.version != policy.version)
        review_begin_pass(req, &r->pass, policy.version);
    else if (r->pass.is_done)
        return flow_end(req);
    else
        review_set_next(req, &r->pass, &policy.review);
    return flow_commit(req, ask);
}
