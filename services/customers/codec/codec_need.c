#include "services/customers/codec/codec_need.h"

#include <string.h>

#include "common/pure/currency.h"
#include "common/pure/decimal.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/people.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"
#include "services/customers/domain/contact.h"

static void read_budget(struct codec_people_reader *r, const Kehu__Customers__V1__Need *from,
                        const char *currency, struct need *out)
{
    out->budget_micros = NEED_NO_BUDGET;
    out->currency = codec_check_text_of(from->currency[0] ? from->currency : currency);
    if (!currency_is_known(from->currency[0] ? from->currency : currency))
        codec_people_fault(r, "currency", "must be a code of ISO 4217 such as CNY");
    if (from->budget[0] &&
        (!decimal_parse(from->budget, strlen(from->budget), &out->budget_micros) ||
         out->budget_micros < 0))
        codec_people_fault(r, "budget",
                           "must be an amount such as 120000 or 99.50, not negative, or empty");
}

enum status codec_get_save_need(const uint8_t *payload, size_t bytes, int32_t today,
                                const char *currency, struct arena *arena,
                                struct codec_need_ask *out, struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_need__descriptor, today);
    const Kehu__Customers__V1__SaveNeed *ask = (const void *)message;
    const Kehu__Customers__V1__Need *from = ask->need;
    struct need *need = &out->need;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->expected_version = ask->expected_version;
    r.under = "need.";
    if (!from) {
        codec_people_fault(&r, "kind", "is missing");
        return codec_people_end(&r);
    }
    out->is_new = !codec_people_id(&r, "need_id", from->need_id, false, &need->id);
    need->kind = codec_people_word(&r, "kind", from->kind, need_kinds, "explicit or latent", NULL);
    need->state = codec_people_word(&r, "state", from->state, need_states,
                                    "open, met, lost or dropped", "open");
    need->description =
        codec_people_text(&r, "description", from->description, NEED_MAX_TEXT, true);
    need->motive = codec_people_text(&r, "motive", from->motive, NEED_MAX_TEXT, false);
    read_budget(&r, from, currency, need);
    need->told_on = codec_people_day(&r, "told_on", from->told_on, today, today);
    need->wanted_on = codec_people_day(&r, "wanted_on", from->wanted_on, NEED_NO_DAY, INT32_MAX);
    need->source = codec_check_text_of(codec_people_word(
        &r, "source", from->source, contact_sources,
        "visit, survey, phone, web, industry_report, feedback, social, sales_data or import", ""));
    need->has_contact = codec_people_id(&r, "contact_id", from->contact_id, false, &need->contact);
    need->ended_on = strcmp(need->state, "open") == 0 ? NEED_NO_DAY : today;
    return codec_people_end(&r);
}

enum status codec_get_list_needs(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct need_question *out, struct codec_file_faults *faults)
{
    static const char *const sorts[] = {"told", "-told", "-budget", NULL};
    CODEC_PEOPLE_OPEN(kehu__customers__v1__list_needs__descriptor, 0);
    const Kehu__Customers__V1__ListNeeds *ask = (const void *)message;
    const char *sort =
        codec_people_word(&r, "sort", ask->sort, sorts, "told, -told or -budget", "told");

    out->has_customer = ask->customer_ref[0] != '\0';
    if (out->has_customer)
        codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->state =
        codec_people_word(&r, "state", ask->state, need_states, "open, met, lost or dropped", "");
    out->wanted_by = codec_people_day(&r, "wanted_by", ask->wanted_by, NEED_NO_DAY, INT32_MAX);
    for (int i = 0; sorts[i]; i++)
        if (strcmp(sorts[i], sort) == 0)
            out->sort = (enum need_sort)i;
    out->page_size = codec_people_page(&r, ask->page_size);
    out->has_after = codec_people_token(&r, ask->page_token, &out->after);
    return codec_people_end(&r);
}

/* --- entitlements --- */

enum status codec_get_save_entitlement(const uint8_t *payload, size_t bytes, int32_t today,
                                       struct arena *arena, struct codec_entitlement_ask *out,
                                       struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_entitlement__descriptor, today);
    const Kehu__Customers__V1__SaveEntitlement *ask = (const void *)message;
    const Kehu__Customers__V1__Entitlement *from = ask->entitlement;
    struct entitlement *entitlement = &out->entitlement;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->expected_version = ask->expected_version;
    r.under = "entitlement.";
    if (!from) {
        codec_people_fault(&r, "kind", "is missing");
        return codec_people_end(&r);
    }
    out->is_new =
        !codec_people_id(&r, "entitlement_id", from->entitlement_id, false, &entitlement->id);
    entitlement->kind =
        codec_people_word(&r, "kind", from->kind, entitlement_kinds,
                          "care, custom_product, tech_support or exclusive_after_sales", NULL);
    entitlement->state = codec_people_word(&r, "state", from->state, entitlement_states,
                                           "active or ended", "active");
    entitlement->description =
        codec_people_text(&r, "description", from->description, ENTITLEMENT_MAX_TEXT, false);
    entitlement->from_on = codec_people_day(&r, "from_on", from->from_on, today, INT32_MAX);
    entitlement->to_on = codec_people_day(&r, "to_on", from->to_on, NEED_NO_DAY, INT32_MAX);
    if (entitlement->to_on != NEED_NO_DAY && entitlement->to_on < entitlement->from_on)
        codec_people_fault(&r, "to_on", "must not be before from_on");
    entitlement->allowance = from->allowance;
    if (from->allowance > ENTITLEMENT_MAX_ALLOWANCE)
        codec_people_fault(&r, "allowance", "must be from 1 to 1000000, or 0 for no limit");
    return codec_people_end(&r);
}

enum status codec_get_use_entitlement(const uint8_t *payload, size_t bytes, int32_t today,
                                      struct arena *arena, struct codec_entitlement_ask *out,
                                      struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__use_entitlement__descriptor, today);
    const Kehu__Customers__V1__UseEntitlement *ask = (const void *)message;
    Kehu__Customers__V1__EntitlementUse none = KEHU__CUSTOMERS__V1__ENTITLEMENT_USE__INIT;
    const Kehu__Customers__V1__EntitlementUse *from = ask->use ? ask->use : &none;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    codec_people_id(&r, "entitlement_id", ask->entitlement_id, true, &out->entitlement.id);
    r.under = "use.";
    out->use.used_on = codec_people_day(&r, "used_on", from->used_on, today, today);
    out->use.quantity = from->quantity ? from->quantity : 1;
    if (from->quantity > ENTITLEMENT_MAX_ALLOWANCE)
        codec_people_fault(&r, "quantity", "must be from 1 to 1000000");
    out->use.note = codec_people_text(&r, "note", from->note, ENTITLEMENT_MAX_TEXT, false);
    return codec_people_end(&r);
}

enum status codec_get_list_entitlements(const uint8_t *payload, size_t bytes, int32_t today,
                                        struct arena *arena, struct codec_entitlement_ask *out,
                                        struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__list_entitlements__descriptor, today);
    const Kehu__Customers__V1__ListEntitlements *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->state =
        codec_people_word(&r, "state", ask->state, entitlement_states, "active or ended", "");
    out->page_size = codec_people_page(&r, ask->page_size);
    out->has_after = codec_people_token(&r, ask->page_token, &out->after);
    return codec_people_end(&r);
}

/* --- answers --- */

static char *budget_text(int64_t micros, struct arena *arena)
{
    char text[DECIMAL_TEXT_BYTES];

    if (micros == NEED_NO_BUDGET)
        return "";
    decimal_print(micros, text);
    return arena_copy_text(arena, text, strlen(text));
}

static void put_need(const struct need *from, struct arena *arena, Kehu__Customers__V1__Need *out)
{
    kehu__customers__v1__need__init(out);
    out->need_id = codec_value_id(&from->id, arena);
    out->kind = (char *)from->kind;
    out->description = codec_value_text(from->description, arena);
    out->motive = codec_value_text(from->motive, arena);
    out->budget = budget_text(from->budget_micros, arena);
    out->currency = codec_value_text(from->currency, arena);
    out->told_on = codec_people_day_text(from->told_on, arena);
    out->wanted_on = codec_people_day_text(from->wanted_on, arena);
    out->source = codec_value_text(from->source, arena);
    out->state = (char *)from->state;
    if (from->has_contact)
        out->contact_id = codec_value_id(&from->contact, arena);
    out->ended_on = codec_people_day_text(from->ended_on, arena);
    out->added_at = codec_value_time(from->added_at_us, arena);
    out->added_by = codec_value_text(from->added_by, arena);
    out->version = (uint64_t)from->version;
    out->customer_number = codec_value_number(from->customer_number, arena);
}

const ProtobufCMessage *codec_need_list(const struct need *needs, size_t count,
                                        const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__NeedList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Need **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__Need *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !list || !room)
        return NULL;
    kehu__customers__v1__need_list__init(out);
    for (size_t i = 0; i < count; i++) {
        put_need(&needs[i], arena, &room[i]);
        list[i] = &room[i];
    }
    out->needs = list;
    out->n_needs = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

static Kehu__Customers__V1__EntitlementUse **uses_of(const struct codec_entitlement_view *view,
                                                     struct arena *arena)
{
    size_t count = view->use_count;
    Kehu__Customers__V1__EntitlementUse **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__EntitlementUse *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        const struct entitlement_use *from = &view->uses[i];

        kehu__customers__v1__entitlement_use__init(&room[i]);
        room[i].use_id = codec_value_id(&from->id, arena);
        room[i].used_on = codec_value_day(from->used_on, arena);
        room[i].quantity = (uint32_t)from->quantity;
        room[i].note = codec_value_text(from->note, arena);
        room[i].recorded_at = codec_value_time(from->recorded_at_us, arena);
        room[i].recorded_by = codec_value_text(from->recorded_by, arena);
        list[i] = &room[i];
    }
    return list;
}

static void put_entitlement(const struct codec_entitlement_view *view, struct arena *arena,
                            Kehu__Customers__V1__Entitlement *out)
{
    const struct entitlement *from = view->entitlement;

    kehu__customers__v1__entitlement__init(out);
    out->entitlement_id = codec_value_id(&from->id, arena);
    out->kind = (char *)from->kind;
    out->description = codec_value_text(from->description, arena);
    out->from_on = codec_people_day_text(from->from_on, arena);
    out->to_on = codec_people_day_text(from->to_on, arena);
    out->allowance = (uint32_t)from->allowance;
    out->state = (char *)from->state;
    out->used = (uint32_t)from->used;
    out->added_at = codec_value_time(from->added_at_us, arena);
    out->added_by = codec_value_text(from->added_by, arena);
    out->version = (uint64_t)from->version;
    out->n_uses = view->use_count;
    out->uses = uses_of(view, arena);
}

const ProtobufCMessage *codec_entitlement_list(const struct codec_entitlement_view *views,
                                               size_t count, const char *next_page_token,
                                               struct arena *arena)
{
    Kehu__Customers__V1__EntitlementList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Entitlement **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__Entitlement *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !list || !room)
        return NULL;
    kehu__customers__v1__entitlement_list__init(out);
    for (size_t i = 0; i < count; i++) {
        put_entitlement(&views[i], arena, &room[i]);
        list[i] = &room[i];
    }
    out->entitlements = list;
    out->n_entitlements = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- events --- */

const ProtobufCMessage *codec_need_changed(const struct id *customer, const struct need *need,
                                           struct arena *arena)
{
    Kehu__Customers__V1__NeedChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__need_changed__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->need_id = codec_value_id(&need->id, arena);
    out->kind = (char *)need->kind;
    out->state = (char *)need->state;
    out->told_on = codec_people_day_text(need->told_on, arena);
    out->wanted_on = codec_people_day_text(need->wanted_on, arena);
    out->has_budget = need->budget_micros != NEED_NO_BUDGET;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_entitlement_used(const struct id *customer,
                                               const struct entitlement *entitlement,
                                               const struct entitlement_use *use,
                                               struct arena *arena)
{
    Kehu__Customers__V1__EntitlementUsed *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__entitlement_used__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->entitlement_id = codec_value_id(&entitlement->id, arena);
    out->kind = (char *)entitlement->kind;
    out->used_on = codec_value_day(use->used_on, arena);
    out->quantity = (uint32_t)use->quantity;
    out->is_unlimited = entitlement->allowance == 0;
    if (!out->is_unlimited)
        out->left = (uint32_t)(entitlement->allowance - entitlement->used - use->quantity);
    return arena_is_full(arena) ? NULL : &out->base;
}
