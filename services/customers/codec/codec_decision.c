#include "services/customers/codec/codec_decision.h"

#include <string.h>

#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/people.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"

#define MAX_REASONS 3

static void read_entry(struct codec_people_reader *r,
                       const Kehu__Customers__V1__DecisionEntry *from, struct decision_entry *out)
{
    r->under = "entry.";
    codec_people_id(r, "contact_id", from->contact_id, true, &out->contact);
    out->role = codec_people_word(r, "role", from->role, decision_roles, DECISION_ROLE_WORDS, NULL);
    out->duty = codec_people_text(r, "duty", from->duty, DECISION_MAX_DUTY, false);
    out->preference =
        codec_people_text(r, "preference", from->preference, DECISION_MAX_TEXT, false);
    out->character = codec_people_text(r, "character", from->character, DECISION_MAX_TEXT, false);
    out->approach = codec_people_text(r, "approach", from->approach, DECISION_MAX_TEXT, false);
    out->has_superior = codec_people_id(r, "reports_to", from->reports_to, false, &out->reports_to);
}

enum status codec_get_save_decision_entry(const uint8_t *payload, size_t bytes, struct arena *arena,
                                          struct codec_decision_ask *out,
                                          struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_decision_entry__descriptor, 0);
    const Kehu__Customers__V1__SaveDecisionEntry *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->expected_version = ask->expected_version;
    if (ask->entry)
        read_entry(&r, ask->entry, &out->entry);
    else
        codec_people_fault(&r, "entry", "is missing");
    return codec_people_end(&r);
}

enum status codec_get_remove_decision_entry(const uint8_t *payload, size_t bytes,
                                            struct arena *arena, struct codec_decision_ask *out,
                                            struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__remove_decision_entry__descriptor, 0);
    const Kehu__Customers__V1__RemoveDecisionEntry *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->entry.contact);
    out->expected_version = ask->expected_version;
    return codec_people_end(&r);
}

enum status codec_get_get_decision_chain(const uint8_t *payload, size_t bytes, struct arena *arena,
                                         struct codec_decision_ask *out,
                                         struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__get_decision_chain__descriptor, 0);
    const Kehu__Customers__V1__GetDecisionChain *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    return codec_people_end(&r);
}

enum status codec_get_list_without_decider(const uint8_t *payload, size_t bytes,
                                           struct arena *arena, struct codec_lack_ask *out,
                                           struct codec_file_faults *faults)
{
    static const char *const reasons[] = {"grade_a", "large", NULL};
    CODEC_PEOPLE_OPEN(kehu__customers__v1__list_without_decider__descriptor, 0);
    const Kehu__Customers__V1__ListWithoutDecider *ask = (const void *)message;
    const char *reason =
        codec_people_word(&r, "reason", ask->reason, reasons, "grade_a or large", "");
    struct customer_question last = {.number = 0};

    out->wants_a = strcmp(reason, "large") != 0;
    out->wants_large = strcmp(reason, "grade_a") != 0;
    out->page_size = codec_people_page(&r, ask->page_size);
    if (ask->page_token[0] &&
        (!customer_question_parse(codec_check_text_of(ask->page_token), &last) ||
         last.kind != CUSTOMER_REF_NUMBER))
        codec_people_fault(&r, "page_token", "is none of ours: give next_page_token of a page");
    out->after_number = last.number;
    return codec_people_end(&r);
}

/* --- answers --- */

static size_t put_reasons(const struct decision_need *need, char ***out, struct arena *arena)
{
    char **list = arena_take_array(arena, MAX_REASONS, sizeof(*list));
    size_t count = 0;

    *out = list;
    if (!list)
        return 0;
    if (need->is_grade_a)
        list[count++] = "grade_a";
    if (need->is_key_account)
        list[count++] = "key_account";
    if (need->is_large)
        list[count++] = "large";
    return count;
}

static Kehu__Customers__V1__DecisionEntry **entries_of(const struct decision_chain *chain,
                                                       struct arena *arena)
{
    size_t count = chain->count;
    Kehu__Customers__V1__DecisionEntry **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__DecisionEntry *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        const struct decision_entry *from = &chain->list[i];

        kehu__customers__v1__decision_entry__init(&room[i]);
        room[i].contact_id = codec_value_id(&from->contact, arena);
        room[i].role = (char *)from->role;
        room[i].duty = codec_value_text(from->duty, arena);
        room[i].preference = codec_value_text(from->preference, arena);
        room[i].character = codec_value_text(from->character, arena);
        room[i].approach = codec_value_text(from->approach, arena);
        if (from->has_superior)
            room[i].reports_to = codec_value_id(&from->reports_to, arena);
        room[i].name = codec_value_text(from->name, arena);
        room[i].title = codec_value_text(from->title, arena);
        room[i].is_key = from->is_key;
        room[i].changed_at = codec_value_time(from->changed_at_us, arena);
        room[i].changed_by = codec_value_text(from->changed_by, arena);
        list[i] = &room[i];
    }
    return list;
}

static Kehu__Customers__V1__DecisionChain *chain_of(const struct codec_decision_view *view,
                                                    struct arena *arena)
{
    static char *const warnings[] = {"no_decider"};
    Kehu__Customers__V1__DecisionChain *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__decision_chain__init(out);
    out->customer_id = codec_value_id(view->customer, arena);
    out->number = codec_value_number(view->number, arena);
    out->n_entries = view->chain->count;
    out->entries = entries_of(view->chain, arena);
    out->version = (uint64_t)view->chain->version;
    out->n_reasons = put_reasons(&view->need, &out->reasons, arena);
    if (decision_is_needed(&view->need) && !decision_has_decider(view->chain)) {
        out->n_warnings = COUNT_OF(warnings);
        out->warnings = (char **)warnings;
    }
    return out;
}

const ProtobufCMessage *codec_decision_chain(const struct codec_decision_view *view,
                                             struct arena *arena)
{
    Kehu__Customers__V1__DecisionChain *out = chain_of(view, arena);

    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_people(const struct codec_decision_view *view, struct text name,
                                     const struct codec_contact_view *contacts, size_t count,
                                     bool has_more, struct arena *arena)
{
    Kehu__Customers__V1__People *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__people__init(out);
    out->customer_id = codec_value_id(view->customer, arena);
    out->number = codec_value_number(view->number, arena);
    out->name = codec_value_text(name, arena);
    out->n_contacts = count;
    out->contacts = codec_contact_messages(contacts, count, arena);
    out->has_more = has_more;
    out->decision_chain = chain_of(view, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_without_decider_list(const struct codec_lack *lacks, size_t count,
                                                   const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__WithoutDeciderList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__WithoutDecider *room = arena_take_array(arena, count, sizeof(*room));
    Kehu__Customers__V1__WithoutDecider **list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !room || !list)
        return NULL;
    kehu__customers__v1__without_decider_list__init(out);
    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__without_decider__init(&room[i]);
        room[i].customer_id = codec_value_id(&lacks[i].id, arena);
        room[i].number = codec_value_number(lacks[i].number, arena);
        room[i].name = codec_value_text(lacks[i].name, arena);
        room[i].n_reasons = put_reasons(&lacks[i].need, &room[i].reasons, arena);
        room[i].entries = (uint32_t)lacks[i].entries;
        list[i] = &room[i];
    }
    out->customers = list;
    out->n_customers = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_part_reply(const struct id *id, int64_t version, struct arena *arena)
{
    Kehu__Customers__V1__PartReply *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__part_reply__init(out);
    out->id = codec_value_id(id, arena);
    out->version = (uint64_t)version;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_decision_changed(const struct id *customer, const struct id *contact,
                                               const char *role, bool has_decider,
                                               struct arena *arena)
{
    Kehu__Customers__V1__DecisionChainChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__decision_chain_changed__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->contact_id = codec_value_id(contact, arena);
    out->role = (char *)role;
    out->has_decider = has_decider;
    return arena_is_full(arena) ? NULL : &out->base;
}
