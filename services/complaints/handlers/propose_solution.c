/*
 * kehu.complaints.v1.ProposeSolution, ApproveRemedy and AgreeSolution: what is offered to put the
 * case right (R67), who approves it above the limit, and that the complainant agrees to it.
 *
 *   decode  → the receipt, the case, the rules
 *   decide  → the remedy and its state; one commit
 */
#include <string.h>

#include "common/service.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"

/* --- ProposeSolution --- */

struct proposing {
    struct case_change change; /* first */
    struct codec_propose ask;
};

static enum flow propose(struct request *req);
static enum flow approve(struct request *req);
static enum flow agree(struct request *req);

enum flow handle_propose_solution(struct request *req)
{
    struct proposing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_propose(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            propose);
}

/* Limits are in the business currency; what another is worth nobody knows here. */
static bool is_comparable(const struct request *req, struct text currency)
{
    const char *ours = req->service->currency;

    return currency.bytes == 0 ||
           (currency.bytes == strlen(ours) && memcmp(currency.at, ours, currency.bytes) == 0);
}

/* The proposal in words, with what else would do: an internal message. */
static struct text words_of(struct request *req, const struct codec_propose *ask)
{
    char *words = arena_copy_text(req->arena, ask->text.at, ask->text.bytes);

    for (size_t i = 0; words && i < ask->alternative_count; i++)
        words = arena_print(req->arena, "%s\n- %.*s", words, (int)ask->alternatives[i].bytes,
                            ask->alternatives[i].at);
    return words ? (struct text){words, strlen(words)} : ask->text;
}

static enum flow propose(struct request *req)
{
    struct proposing *r = req->state;
    struct case_change *change = &r->change;
    struct case_file *after = &change->after;
    enum flow end;

    if (!case_change_move(req, change, CASE_PROPOSES, TEXT_OF(""), &end))
        return end;
    after->remedy = r->ask.kind;
    after->remedy_micros = r->ask.amount_micros;
    after->remedy_currency = r->ask.currency;
    if (after->remedy_currency.bytes == 0 && r->ask.amount_micros > 0)
        after->remedy_currency =
            (struct text){req->service->currency, strlen(req->service->currency)};
    after->remedy_text = r->ask.description.bytes > 0 ? r->ask.description : r->ask.text;
    after->remedy_state = remedy_propose(r->ask.amount_micros, is_comparable(req, r->ask.currency),
                                         who_rank(req), &change->rules.remedies);
    after->remedy_by = who_of(req)->staff;
    change->made = request_new_id(req);
    case_message_add(req, &(struct case_message){
                              .case_id = after->id,
                              .id = change->made,
                              .at_us = req->now_us,
                              .is_internal = true,
                              .text = words_of(req, &r->ask),
                              .channel = "",
                              .by = who_name(req),
                          });
    return case_change_commit(req, change, TEXT_OF(""),
                              arena_print(req->arena, "remedy %s %s",
                                          remedy_kind_name(after->remedy),
                                          remedy_state_name(after->remedy_state)));
}

/* --- ApproveRemedy --- */

struct deciding {
    struct case_change change; /* first */
    struct codec_case_step ask;
};

enum flow handle_approve_remedy(struct request *req)
{
    struct deciding *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_approve(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_DECIDES,
                            approve);
}

static bool is_proposer(const struct request *req, const struct case_file *file)
{
    const struct who *who = who_of(req);

    return who->is_staff && memcmp(&who->staff, &file->remedy_by, sizeof(who->staff)) == 0;
}

static enum flow refuse_decision(struct request *req, const struct case_file *file,
                                 enum remedy_flaw flaw)
{
    const char *why = remedy_flaw_text(flaw, TELLING_IS_EN);
    bool is_persons = flaw == REMEDY_OWN_PROPOSAL || flaw == REMEDY_ABOVE_LIMIT;

    flow_violation(req, is_persons ? "actor" : "remedy", "%s", why);
    if (is_persons)
        return flow_refuse(req, PERMISSION_DENIED, "%s may not decide about this remedy: %s",
                           who_name(req), why);
    return flow_refuse(req, FAILED_PRECONDITION, "%s; the remedy is %s", why,
                       file->remedy_state ? remedy_state_name(file->remedy_state)
                                          : "not proposed yet: ProposeSolution does that");
}

static enum flow approve(struct request *req)
{
    struct deciding *r = req->state;
    struct case_file *after = &r->change.after;
    enum remedy_flaw flaw = remedy_decide(
        after->remedy_state, after->remedy_micros, is_comparable(req, after->remedy_currency),
        who_rank(req), is_proposer(req, after), r->ask.is_yes, &r->change.rules.remedies);

    if (flaw)
        return refuse_decision(req, after, flaw);
    after->remedy_state = r->ask.is_yes ? REMEDY_APPROVED : REMEDY_REFUSED;
    r->change.act_name = r->ask.is_yes ? "approve_remedy" : "refuse_remedy";
    return case_change_commit(req, &r->change, r->ask.reason, "");
}

/* --- AgreeSolution --- */

enum flow handle_agree_solution(struct request *req)
{
    struct deciding *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_agree(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            agree);
}

static enum flow agree(struct request *req)
{
    struct deciding *r = req->state;
    const struct case_file *after = &r->change.after;
    enum flow end;

    if (after->state == CASE_PROPOSED && !remedy_may_stand(after->remedy_state)) {
        bool waits = after->remedy_state == REMEDY_NEEDS_APPROVAL;

        flow_violation(req, "remedy",
                       waits ? "waits for approval: ApproveRemedy decides about it"
                             : "was refused: propose another with ProposeSolution");
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the complainant is asked to agree to nothing that is not approved: "
                           "the remedy %s",
                           waits ? "waits for approval" : "was refused");
    }
    if (!case_change_move(req, &r->change, CASE_AGREES, r->ask.reason, &end))
        return end;
    return case_change_commit(req, &r->change, r->ask.reason, "");
}
