#include "services/customers/handlers/file_change.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/service.h"
#include "services/customers/handlers/file_search.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/reference.h"

const char *file_change_by(const struct request *req)
{
    return req->actor[0] ? req->actor : req->key.name;
}

struct codec_file_asker file_change_asker(struct request *req)
{
    return (struct codec_file_asker){.today = zone_day(&req->service->zone, req->now_us),
                                     .name = file_change_by(req)};
}

enum flow file_change_refuse(struct request *req, enum status status,
                             const struct codec_file_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse(req, status, "the request needs too much memory");
    return flow_refuse(req, status, "the file or the question about it is not right");
}

void file_change_ask(struct request *req, const struct codec_file_ask *ask,
                     struct file_change_found *out)
{
    const struct file_change *change = &ask->change;

    if (change->has_parent)
        file_find(req, &ask->parent, &out->parent);
    if (change->region.bytes > 0)
        file_find_region(req, change->region, &out->region_exists);
    if (change->added_refs > 0)
        file_list_ref_owners(req, ask->refs, change->added_refs, &out->owners);
}

/* --- what is referred to --- */

static bool same_text(struct text a, struct text b)
{
    return a.bytes == b.bytes && memcmp(a.at, b.at, a.bytes) == 0;
}

static void drop_ref(struct codec_file_ask *ask, const struct customer_reference *ref)
{
    for (size_t i = 0; i < ask->change.added_refs; i++) {
        if (!same_text(ask->refs[i].source, ref->source) ||
            !same_text(ask->refs[i].external_id, ref->external_id))
            continue;
        ask->refs[i] = ask->refs[--ask->change.added_refs];
        return;
    }
}

/* How many references belong to others; those of `self` are dropped. */
static size_t take_owned(struct request *req, struct codec_file_ask *ask,
                         const struct file_ref_owners *owners, const struct id *self)
{
    size_t taken = 0;

    for (size_t i = 0; i < owners->count; i++) {
        const struct file_ref_owner *owner = &owners->list[i];
        char number[CUSTOMER_REF_NUMBER_BYTES];

        if (self && memcmp(&owner->customer, self, sizeof(*self)) == 0) {
            drop_ref(ask, &owner->reference);
            continue;
        }
        customer_ref_print_number(owner->number, number);
        if (!scope_of(req)->sees_all) /* he may be outside of what the asker sees */
            snprintf(number, sizeof(number), "%s", "another's");
        flow_violation(req, self ? "add_refs" : "refs", "%.*s:%.*s is %s already",
                       (int)owner->reference.source.bytes, owner->reference.source.at,
                       (int)owner->reference.external_id.bytes, owner->reference.external_id.at,
                       number);
        taken++;
    }
    return taken;
}

bool file_change_check(struct request *req, struct codec_file_ask *ask,
                       const struct file_change_found *found, const struct id *self, enum flow *end)
{
    bool is_right = true;

    if (ask->change.region.bytes > 0 && !found->region_exists) {
        flow_violation(req, "region", "is no region of the tree: ListRegions lists their codes");
        is_right = false;
    }
    if (ask->change.has_parent &&
        (!found->parent.found || found->parent.state.party == FILE_PARTY_NONE)) {
        flow_violation(req, "parent_ref", "leads to no customer");
        is_right = false;
    } else if (ask->change.has_parent && found->parent.state.nature == FILE_NATURE_PERSON) {
        flow_violation(req, "parent_ref", "is a person: only organisations have others below them");
        is_right = false;
    }
    if (!is_right) {
        *end = flow_refuse(req, INVALID_ARGUMENT, "the file refers to what is not there");
        return false;
    }
    if (take_owned(req, ask, &found->owners, self) > 0) {
        *end = flow_refuse(req, ALREADY_EXISTS, "a reference belongs to another customer");
        return false;
    }
    return true;
}

bool file_change_check_hanging(struct request *req, const struct id *self,
                               const struct file_change_found *found, size_t height, enum flow *end)
{
    switch (file_hang(self, &found->above, height)) {
    case FILE_HANGS_WELL:
        return true;
    case FILE_HANGS_IN_CIRCLE:
        flow_violation(req, "parent_ref", "is the organisation itself or one below it");
        break;
    case FILE_HANGS_TOO_DEEP:
        flow_violation(req, "parent_ref", "would make more than %d levels", FILE_MAX_DEPTH);
        break;
    }
    *end = flow_refuse(req, INVALID_ARGUMENT, "the organisation cannot stand there");
    return false;
}

/* --- what is written beside the row --- */

void file_change_put_parts(struct request *req, const struct id *customer,
                           const struct codec_file_ask *ask, const struct file_row *before,
                           const struct file_state *after)
{
    const struct facts *told = &ask->change.facts;
    /* A person's name is read otherwise than a company's. */
    bool is_searched = before->state.nature != after->nature;

    for (size_t i = 0; i < told->count; i++) {
        if (!file_is_new_fact(&before->state.facts, &told->list[i]))
            continue;
        file_put_fact(req, customer, &told->list[i]);
        is_searched |= file_search_needs(&told->list[i]);
    }
    for (size_t i = 0; i < ask->change.added_refs; i++) {
        const struct codec_reference reference = {ask->refs[i].source, ask->refs[i].external_id};
        struct packed event = codec_reference_added(customer, &reference, req->arena);

        reference_add(req, reference.source, reference.external_id, customer);
        log_add(req, CODEC_REFERENCE_ADDED, customer, event.at, event.bytes);
    }
    if (is_searched)
        file_search_put(req, customer, before->name, after);
}

bool file_change_tell(struct request *req, const struct id *customer, const ProtobufCMessage *event)
{
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, customer, packed.bytes, packed.count);
    return true;
}
