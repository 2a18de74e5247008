#include "services/complaints/handlers/case_parts.h"

#include <string.h>

#include "common/service.h"
#include "services/complaints/handlers/refusal.h"

static bool is_text(struct text text, const char *other)
{
    return text.bytes == strlen(other) && memcmp(text.at, other, text.bytes) == 0;
}

struct text case_parts_words(const struct case_change *change, struct text words)
{
    return change->found.is_forgotten ? TEXT_OF("***") : words;
}

void case_parts_ask_colleague(struct request *req, struct text who, struct colleague *out)
{
    if (who.bytes > 0)
        colleague_find(req, who, zone_day(&req->service->zone, req->now_us), out);
}

bool case_parts_is_his(const struct request *req, struct text owner, struct text unit)
{
    const struct who *who = who_of(req);

    if (!who->is_staff)
        return true;
    return is_text(owner, who->code) ||
           (owner.bytes == 0 && who->unit[0] && is_text(unit, who->unit));
}

bool case_parts_check_known(struct request *req, const char *field, bool is_new,
                            const struct case_part_found *known, enum flow *end)
{
    if (!is_new && !known->found) {
        flow_violation(req, field, "is none of this case: GetCase lists them");
        *end = flow_refuse(req, NOT_FOUND, "%s is none of this case", field);
        return false;
    }
    if (is_new && known->count >= CASE_PART_MAX) {
        flow_violation(req, field, "would be one more than %d", CASE_PART_MAX);
        *end =
            flow_refuse(req, FAILED_PRECONDITION, "a case has at most %d of them", CASE_PART_MAX);
        return false;
    }
    return true;
}

bool case_parts_check_state(struct request *req, const struct case_change *change, bool is_new,
                            enum flow *end)
{
    enum case_state state = change->after.state;

    if (!is_new || !case_is_ended(state))
        return true;
    *end = refusal_of_state(req, state, "nothing new is added to it");
    return false;
}

bool case_parts_check_colleague(struct request *req, const struct case_change *change,
                                const char *field, struct text named, const struct colleague *found,
                                enum flow *end)
{
    const struct cases_found *of = change ? &change->found : NULL;

    if (named.bytes == 0)
        return true;
    if (!found->found) {
        flow_violation(req, field, "'%.*s' is nobody of the staff directory: give a code or id",
                       (int)named.bytes, named.at);
        *end = flow_refuse(req, INVALID_ARGUMENT, "%s is nobody of the staff directory", field);
        return false;
    }
    if (!found->is_active) {
        flow_violation(req, field, "%s has left the company: name who has his work now",
                       found->code);
    } else if (of &&
               !conduct_permits(of->recusals, of->recusal_count, &found->id, CONDUCT_HANDLES)) {
        flow_violation(req, field, "%s is recused from this case: name another", found->code);
    } else {
        return true;
    }
    *end = flow_refuse(req, FAILED_PRECONDITION, "%s cannot be %s", field, found->code);
    return false;
}

bool case_parts_check_faults(struct request *req, const char *under,
                             const struct case_part_fault *faults, size_t count, enum flow *end)
{
    if (count == 0)
        return true;
    for (size_t i = 0; i < count; i++)
        flow_violation(req, arena_print(req->arena, "%s.%s", under, faults[i].field), "%s",
                       faults[i].why);
    *end = flow_refuse(req, INVALID_ARGUMENT, "%s.%s %s", under, faults[0].field, faults[0].why);
    return false;
}
