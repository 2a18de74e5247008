/* Dealers as answers, and what the log says of them. */
#include <string.h>

#include "common/pure/decimal.h"
#include "kehu/customers/v1/dealers.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "services/customers/codec/codec_dealer.h"
#include "services/customers/codec/codec_value.h"

#define MILLION INT64_C(1000000)

const ProtobufCMessage *codec_dealer_reply(const struct id *customer, int64_t version,
                                           const struct id *part, struct arena *arena)
{
    Kehu__Customers__V1__DealerReply *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer_reply__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->version = (uint64_t)version;
    if (part)
        out->part_id = codec_value_id(part, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

static char *number_text(const struct dealer_profile *profile, enum dealer_number i,
                         struct arena *arena)
{
    int64_t number = profile->numbers[i];
    char text[DECIMAL_TEXT_BYTES];

    if (number == DEALER_NO_NUMBER)
        return "";
    decimal_print(i == DEALER_ANNUAL_SALES ? number : number * MILLION, text);
    return arena_copy_text(arena, text, strlen(text));
}

static Kehu__Customers__V1__DealerProfile *profile_of(const struct dealer_profile *profile,
                                                      struct arena *arena)
{
    Kehu__Customers__V1__DealerProfile *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer_profile__init(out);
    out->shareholders = codec_value_text(profile->texts[DEALER_SHAREHOLDERS], arena);
    out->organisation = codec_value_text(profile->texts[DEALER_ORGANISATION], arena);
    out->local_strength = codec_value_text(profile->texts[DEALER_LOCAL_STRENGTH], arena);
    out->standing = codec_value_text(profile->texts[DEALER_STANDING], arena);
    out->local_economy = codec_value_text(profile->texts[DEALER_LOCAL_ECONOMY], arena);
    out->staff_count = number_text(profile, DEALER_STAFF_COUNT, arena);
    out->annual_sales = number_text(profile, DEALER_ANNUAL_SALES, arena);
    out->annual_contracts = number_text(profile, DEALER_ANNUAL_CONTRACTS, arena);
    return out;
}

static void put_give_up(const struct dealer_give_up *from, struct arena *arena,
                        Kehu__Customers__V1__DealerGiveUp *out)
{
    kehu__customers__v1__dealer_give_up__init(out);
    out->give_up_id = codec_value_id(&from->id, arena);
    out->customer_number = codec_value_number(from->customer_number, arena);
    out->customer_name = codec_value_text(from->customer_name, arena);
    out->reason = codec_value_text(from->reason, arena);
    out->explanation = codec_value_text(from->explanation, arena);
    if (from->successor_number)
        out->successor_number = codec_value_number(from->successor_number, arena);
    out->state = codec_value_text(from->state, arena);
    out->proposed_at = codec_value_time(from->proposed_at_us, arena);
    out->proposed_by = codec_value_text(from->proposed_by, arena);
    out->decided_at = codec_value_time_or_absent(from->decided_at_us, arena);
    out->decided_by = codec_value_text(from->decided_by, arena);
    out->note = codec_value_text(from->note, arena);
}

static void put_score(const struct dealer_score *from, struct arena *arena,
                      Kehu__Customers__V1__DealerScore *out)
{
    kehu__customers__v1__dealer_score__init(out);
    out->score_id = codec_value_id(&from->id, arena);
    out->scored_on = codec_value_day(from->scored_on, arena);
    out->enthusiasm_attitude = from->points[DEALER_ATTITUDE];
    out->enthusiasm_action = from->points[DEALER_ACTION];
    out->flexibility = from->points[DEALER_FLEXIBILITY];
    out->downstream_count = from->points[DEALER_DOWNSTREAM_COUNT];
    out->coverage = from->points[DEALER_COVERAGE];
    out->downstream_relation = from->points[DEALER_DOWNSTREAM_RELATION];
    out->capital = from->points[DEALER_CAPITAL];
    out->note = codec_value_text(from->note, arena);
    out->total_micros = from->total_micros;
    out->false_enthusiasm = from->is_false_enthusiasm;
    out->policy_version = from->policy_version;
    out->recorded_at = codec_value_time(from->recorded_at_us, arena);
    out->recorded_by = codec_value_text(from->recorded_by, arena);
}

/* A list of messages of that type, each put by `put_one`. */
#define LIST_OF(type, from, count, put_one, arena, out)                                            \
    do {                                                                                           \
        type *room_ = arena_take_array(arena, count, sizeof(*room_));                              \
                                                                                                   \
        (out) = arena_take_array(arena, count, sizeof(*(out)));                                    \
        for (size_t i_ = 0; room_ && (out) && i_ < (count); i_++) {                                \
            put_one(&(from)[i_], arena, &room_[i_]);                                               \
            (out)[i_] = &room_[i_];                                                                \
        }                                                                                          \
    } while (0)

static void put_manager(const struct dealer_manager *from, struct arena *arena,
                        Kehu__Customers__V1__ChannelManager *out)
{
    kehu__customers__v1__channel_manager__init(out);
    out->manager_id = codec_value_id(&from->id, arena);
    out->name = codec_value_text(from->name, arena);
    out->from_on = codec_people_day_text(from->from_on, arena);
    out->to_on = codec_people_day_text(from->to_on, arena);
    out->memo = codec_value_text(from->memo, arena);
    out->recorded_by = codec_value_text(from->recorded_by, arena);
}

static void put_memo(const struct dealer_memo *from, struct arena *arena,
                     Kehu__Customers__V1__DealerMemo *out)
{
    kehu__customers__v1__dealer_memo__init(out);
    out->memo_id = codec_value_id(&from->id, arena);
    out->on = codec_value_day(from->on_day, arena);
    out->memo = codec_value_text(from->memo, arena);
    out->recorded_by = codec_value_text(from->recorded_by, arena);
}

const ProtobufCMessage *codec_dealer(const struct codec_dealer_view *view, struct arena *arena)
{
    Kehu__Customers__V1__Dealer *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer__init(out);
    out->customer_id = codec_value_id(view->customer, arena);
    out->number = codec_value_number(view->number, arena);
    out->name = codec_value_text(view->name, arena);
    out->profile = profile_of(&view->dealer->profile, arena);
    out->state = view->dealer->is_given_up ? "given_up" : "active";
    out->given_up_on = codec_people_day_text(view->dealer->given_up_on, arena);
    out->version = (uint64_t)view->dealer->version;
    out->n_managers = view->manager_count;
    LIST_OF(Kehu__Customers__V1__ChannelManager, view->managers, view->manager_count, put_manager,
            arena, out->managers);
    out->n_memos = view->memo_count;
    LIST_OF(Kehu__Customers__V1__DealerMemo, view->memos, view->memo_count, put_memo, arena,
            out->memos);
    out->n_scores = view->score_count;
    LIST_OF(Kehu__Customers__V1__DealerScore, view->scores, view->score_count, put_score, arena,
            out->scores);
    if (view->give_up) {
        out->give_up = arena_take(arena, sizeof(*out->give_up));
        if (out->give_up)
            put_give_up(view->give_up, arena, out->give_up);
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_summary(const struct dealer_summary *from, struct arena *arena,
                        Kehu__Customers__V1__DealerSummary *out)
{
    kehu__customers__v1__dealer_summary__init(out);
    out->customer_id = codec_value_id(&from->id, arena);
    out->number = codec_value_number(from->number, arena);
    out->name = codec_value_text(from->name, arena);
    out->state = from->is_given_up ? "given_up" : "active";
    out->total_micros = from->total_micros;
    out->false_enthusiasm = from->is_false_enthusiasm;
    out->scored_on = codec_people_day_text(from->scored_on, arena);
}

const ProtobufCMessage *codec_dealer_list(const struct dealer_summary *list, size_t count,
                                          const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__DealerList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer_list__init(out);
    out->n_dealers = count;
    LIST_OF(Kehu__Customers__V1__DealerSummary, list, count, put_summary, arena, out->dealers);
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_give_up_list(const struct dealer_give_up *list, size_t count,
                                           const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__GiveUpList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__give_up_list__init(out);
    out->n_give_ups = count;
    LIST_OF(Kehu__Customers__V1__DealerGiveUp, list, count, put_give_up, arena, out->give_ups);
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_dealer_stability(int64_t at_begin, int64_t given_up,
                                               struct arena *arena)
{
    Kehu__Customers__V1__DealerStability *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer_stability__init(out);
    out->at_begin = (uint32_t)at_begin;
    out->given_up = (uint32_t)given_up;
    out->kept_micros = dealer_kept(at_begin, given_up);
    return &out->base;
}

const ProtobufCMessage *codec_dealer_scored(const struct id *customer,
                                            const struct dealer_score *score, struct arena *arena)
{
    Kehu__Customers__V1__DealerScored *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer_scored__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->score_id = codec_value_id(&score->id, arena);
    out->scored_on = codec_value_day(score->scored_on, arena);
    out->total_micros = score->total_micros;
    out->false_enthusiasm = score->is_false_enthusiasm;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_give_up_decided(const struct id *customer, const struct id *give_up,
                                              const char *state, struct text reason,
                                              struct arena *arena)
{
    Kehu__Customers__V1__DealerGiveUpDecided *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__dealer_give_up_decided__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->give_up_id = codec_value_id(give_up, arena);
    out->state = (char *)state;
    out->reason = codec_value_text(reason, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
