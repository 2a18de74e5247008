/*
 * The customers service's log: one function per type of event, each a row or two of projections.
 * Types not named here are passed over.
 */
#include "services/complaints/handlers/consume_customers.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_customers.h"
#include "services/complaints/domain/opening.h"
#include "services/complaints/store/case_intake.h"
#include "services/complaints/store/case_link.h"
#include "services/complaints/store/case_weigh.h"
#include "services/complaints/store/projection.h"
#include "services/complaints/store/standing.h"

static const char malformed[] = "its data are no message of its type, or lack an id or a day";

static struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

/* Cases were opened under this reference before anybody had it: they are his. */
static void link_cases(struct request *req, const char *source, const char *external_id,
                       const struct id *customer)
{
    projection_add_reference(req, source, external_id, customer);
    case_intake_link(req, text_of(source), text_of(external_id), customer);
    case_weigh_mark(req, customer);
}

/* Likewise under his number or id. */
static void link_own(struct request *req, const char *number, const struct id *customer)
{
    const struct text own = TEXT_OF(OPENING_OWN_SOURCE);
    char *id = arena_take(req->arena, UUID_TEXT_BYTES);

    case_intake_link(req, own, text_of(number), customer);
    if (!id)
        return; /* a full arena keeps the unit from being committed */
    uuid_print(customer, id);
    case_intake_link(req, own, text_of(id), customer);
    case_weigh_mark(req, customer);
}

static const char *registered(struct request *req, struct consumed *event)
{
    struct codec_registered told;

    if (!codec_get_registered(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    projection_see_customer(req, &told.customer, told.number);
    link_own(req, told.number, &told.customer);
    if (told.source[0] && told.external_id[0])
        link_cases(req, told.source, told.external_id, &told.customer);
    return NULL;
}

static const char *reference_added(struct request *req, struct consumed *event)
{
    struct codec_registered told;

    if (!codec_get_reference_added(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    link_cases(req, told.source, told.external_id, &told.customer);
    return NULL;
}

static const char *removed(struct request *req, struct consumed *event)
{
    struct id customer;

    if (!codec_get_removed(req->arena, event->data, event->data_bytes, &customer))
        return malformed;
    projection_remove_customer(req, &customer);
    return NULL;
}

static const char *graded(struct request *req, struct consumed *event)
{
    struct codec_graded told;

    if (!codec_get_graded(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    projection_see_grade(req, &told.customer, told.grade);
    case_weigh_mark(req, &told.customer);
    return NULL;
}

static const char *owned(struct request *req, struct consumed *event)
{
    struct codec_owned told;

    if (!codec_get_owned(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    projection_see_owner(req, &told.customer, &told.owner);
    return NULL;
}

/* A merge is told twice, of the survivor and of the merged one; so each subject's story is whole.
 * The word on the merged one comes with his own, in the order of his versions. */
static bool is_of_merged(const struct consumed *event, const struct codec_merged *told)
{
    return memcmp(&event->subject, &told->merged, sizeof(told->merged)) == 0;
}

/* The cases change from one to the other. */
static void mark_both(struct request *req, const struct codec_merged *told)
{
    standing_mark(req, &told->merged);
    standing_mark(req, &told->survivor);
    case_weigh_mark(req, &told->merged);
}

static const char *merged(struct request *req, struct consumed *event)
{
    struct codec_merged told;

    if (!codec_get_merged(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    if (!is_of_merged(event, &told))
        return NULL;
    projection_see_survivor(req, &told.merged, &told.survivor);
    mark_both(req, &told);
    return NULL;
}

static const char *merge_undone(struct request *req, struct consumed *event)
{
    struct codec_merged told;

    if (!codec_get_merge_undone(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    if (!is_of_merged(event, &told))
        return NULL;
    projection_see_survivor(req, &told.merged, NULL);
    mark_both(req, &told);
    return NULL;
}

static void see_order(struct request *req, const struct codec_order *told)
{
    const struct projection_order order = {.customer = told->customer,
                                           .order = told->order,
                                           .day = told->day,
                                           .net_micros = told->net_micros,
                                           .currency = told->currency,
                                           .is_gone = told->is_gone};

    projection_see_order(req, &order);
}

static const char *order_recorded(struct request *req, struct consumed *event)
{
    struct codec_order told;

    if (!codec_get_order_recorded(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    see_order(req, &told);
    return NULL;
}

static const char *order_moved(struct request *req, struct consumed *event)
{
    struct codec_order told;

    if (!codec_get_order_moved(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    see_order(req, &told);
    return NULL;
}

/* He is hidden by each of his ids: cases may name any of them. */
static void restrict_all(struct request *req, const struct codec_person *told)
{
    projection_restrict(req, &told->person, &told->person);
    for (size_t i = 0; i < told->id_count; i++)
        projection_restrict(req, &told->ids[i], &told->person);
}

static const char *restricted(struct request *req, struct consumed *event)
{
    struct codec_person told;

    if (!codec_get_restricted(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    if (told.is_restricted)
        restrict_all(req, &told);
    else
        projection_lift(req, &told.person);
    return NULL;
}

/* Until his last case is closed he is restricted, whether or not he was before. */
static const char *erased(struct request *req, struct consumed *event)
{
    struct codec_person told;

    if (!codec_get_erased(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    restrict_all(req, &told);
    projection_erase(req, &told.person, event->at_us);
    return NULL;
}

static const char *number_held(struct request *req, struct consumed *event)
{
    struct codec_number told;

    if (!codec_get_number_held(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    projection_see_number(req, told.hash.at, told.hash.bytes, &told.customer, &told.contact);
    if (uuid_is_none(&told.customer))
        return NULL;
    case_link_number(req, told.hash, &told.customer, &told.contact);
    case_weigh_mark(req, &told.customer);
    return NULL;
}

/* Role names have no comma in them. NULL: the arena is full. */
static const char *join(struct arena *arena, char *const *words, size_t count)
{
    const char *joined = count > 0 ? words[0] : "";

    for (size_t i = 1; i < count && joined; i++)
        joined = arena_print(arena, "%s,%s", joined, words[i]);
    return joined;
}

static const char *staff_changed(struct request *req, struct consumed *event)
{
    struct codec_staff told;

    if (!codec_get_staff_changed(req->arena, event->data, event->data_bytes, &told))
        return malformed;
    const struct projection_staff staff = {
        .staff = told.staff,
        .manager = told.manager,
        .deputy = told.deputy,
        .code = told.code,
        .unit = told.unit,
        .roles = join(req->arena, told.roles, told.role_count),
        .is_absent = told.is_absent,
        .is_active = told.is_active,
        .absent_from = told.absent_from,
        .absent_to = told.absent_to,
    };

    if (!staff.roles)
        return "it has too many roles";
    projection_see_staff(req, &staff);
    return NULL;
}

static const char *staff_left(struct request *req, struct consumed *event)
{
    struct id staff;

    if (!codec_get_staff_left(req->arena, event->data, event->data_bytes, &staff))
        return malformed;
    projection_staff_left(req, &staff);
    return NULL;
}

/* Alone: where one statement undoes what another of the same unit would do later. */
const struct consumed_type consume_customers_types[] = {
    {.type = "kehu.customers.v1.CustomerRegistered", .apply = registered},
    {.type = "kehu.customers.v1.CustomerReferenceAdded", .apply = reference_added},
    {.type = "kehu.customers.v1.CustomerRemoved", .is_alone = true, .apply = removed},
    {.type = "kehu.customers.v1.GradeChanged", .apply = graded},
    {.type = "kehu.customers.v1.OwnerChanged", .apply = owned},
    {.type = "kehu.customers.v1.CustomersMerged", .apply = merged},
    {.type = "kehu.customers.v1.MergeUndone", .apply = merge_undone},
    {.type = "kehu.customers.v1.OrderRecorded", .apply = order_recorded},
    {.type = "kehu.customers.v1.OrderMoved", .apply = order_moved},
    {.type = "kehu.customers.v1.PersonRestricted", .is_alone = true, .apply = restricted},
    {.type = "kehu.customers.v1.PersonErased", .is_alone = true, .apply = erased},
    {.type = "kehu.customers.v1.NumberHeld", .apply = number_held},
    {.type = "kehu.customers.v1.StaffChanged", .is_alone = true, .apply = staff_changed},
    {.type = "kehu.customers.v1.StaffLeft", .is_alone = true, .apply = staff_left},
};
const size_t consume_customers_type_count = COUNT_OF(consume_customers_types);
