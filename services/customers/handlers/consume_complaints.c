/*
 * The log of complaints: cases of customers we know, for their timelines and the holds of erasure;
 * how the cases of a customer stand, with who handles them; and that the complaints service has
 * erased its part of a person.
 */
#include "services/customers/handlers/consume_complaints.h"

#include "common/log.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec_complaints.h"
#include "services/customers/store/case_seen.h"
#include "services/customers/store/privacy.h"

static const char malformed[] = "it is not what its type says";

/* Cases of nobody we know would be many and say nothing here. */
static const char *opened(struct request *req, struct consumed *event)
{
    struct case_told told;

    if (!codec_get_case_opened(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    if (!uuid_is_none(&told.customer) || !uuid_is_none(&told.contact))
        case_seen_put(req, &told);
    return NULL;
}

static const char *linked(struct request *req, struct consumed *event)
{
    struct case_told told;

    if (!codec_get_case_linked(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    case_seen_put(req, &told);
    return NULL;
}

static const char *moved(struct request *req, struct consumed *event)
{
    struct case_move_told told;

    if (!codec_get_case_moved(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    case_seen_move(req, &told);
    if (!uuid_is_none(&told.customer))
        case_seen_add_step(req, &told, event->version);
    return NULL;
}

static void ask_before(struct request *req, struct consumed *event)
{
    struct case_seen_before *before = arena_take(req->arena, sizeof(*before));

    event->state = before;
    if (before)
        case_seen_find_before(req, &event->subject, before);
}

/* That he is a repeat complainant, or no more, is told once. False: no memory. */
static bool flag(struct request *req, const struct cases_told *told,
                 const struct case_seen_before *before, int64_t at_us)
{
    struct flow_packed packed;

    if (before->cases.is_repeat == told->cases.is_repeat)
        return true;
    if (!flow_pack(
            req, codec_customer_flagged(&told->customer, &told->cases, &before->owner, req->arena),
            &packed))
        return false;
    case_seen_put_flag(req, told, at_us);
    log_add(req, packed.type, &told->customer, packed.bytes, packed.count);
    return true;
}

static const char *changed(struct request *req, struct consumed *event)
{
    struct cases_told told;

    if (!event->state)
        return "there was no memory to look at him";
    if (!codec_get_cases_changed(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    if (!flag(req, &told, event->state, event->at_us))
        return "there is no memory to tell it";
    case_seen_put_standing(req, &told);
    return NULL;
}

static const char *erased(struct request *req, struct consumed *event)
{
    struct erasure_part_told told;

    if (!codec_get_erasure_done(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    privacy_add_part(req, &told.person, told.service, told.values);
    return NULL;
}

/* Alone: where another event of the same case, earlier in the unit, would be written later. */
const struct consumed_type consume_complaints_types[] = {
    {.type = "kehu.complaints.v1.ComplaintOpened", .apply = opened},
    {.type = "kehu.complaints.v1.CaseLinked", .is_alone = true, .apply = linked},
    {.type = "kehu.complaints.v1.CaseMoved", .apply = moved},
    {.type = "kehu.complaints.v1.CustomerCasesChanged", .ask = ask_before, .apply = changed},
    {.type = "kehu.customers.v1.ErasureDone", .apply = erased},
};
const size_t consume_complaints_type_count = COUNT_OF(consume_complaints_types);
