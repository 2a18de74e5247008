#include "services/complaints/handlers/openings.h"

#include <stdlib.h>
#include <string.h>

#include "common/pure/text.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_number.h"

static bool is_open(const struct openings_one *one)
{
    return !one->is_left && !one->field;
}

bool openings_is_new(const struct openings_one *one)
{
    return is_open(one) && one->joins_place == OPENINGS_NOWHERE &&
           (one->joining == JOINING_NEW || one->joining == JOINING_RECURS);
}

static void refuse(struct openings_one *one, const char *field, const char *why)
{
    one->field = field;
    one->why = why;
}

/* --- ask: who complains, what is taken, the rules --- */

/* Empty: not by a number, or this installation keeps no keyed hashes. */
static struct text phone_hash(struct request *req, const struct opening *opening)
{
    uint8_t *hash;

    if (opening->who != OPENING_BY_PHONE || !req->service->seal)
        return TEXT_OF("");
    hash = arena_take(req->arena, SEAL_HASH_BYTES);
    if (!hash)
        return TEXT_OF("");
    seal_hash(req->service->seal, "phone", opening->phone, hash);
    return (struct text){(const char *)hash, SEAL_HASH_BYTES};
}

void openings_ask(struct request *req, struct openings_set *set)
{
    struct pg_args *persons = case_intake_ask_persons(req);
    struct pg_args *takens = case_intake_ask_taken(req);
    size_t named = 0, external = 0;

    /* Every place is asked for, so that answers' places are those of the list. */
    for (size_t i = 0; i < set->count; i++) {
        const struct opening *opening = set->list[i].opening;
        static const struct customer_ref nobody = {.kind = CUSTOMER_REF_ID};
        bool is_asked = !set->list[i].is_left;
        bool is_named = is_asked && opening->who == OPENING_BY_REF;
        struct text hash = is_asked ? phone_hash(req, opening) : TEXT_OF("");

        named += is_named || hash.bytes > 0;
        external += is_asked && opening->external_source.bytes > 0;
        case_intake_add_person(persons, is_named ? &opening->customer : &nobody, hash);
        case_intake_add_taken(takens, is_asked ? opening->external_source : TEXT_OF(""),
                              is_asked ? opening->external_id : TEXT_OF(""));
    }
    if (named > 0)
        case_intake_find_persons(req, persons, &set->persons);
    if (external > 0)
        case_intake_find_taken(req, takens, &set->takens);
    case_rules_ask(req, &set->rules);
}

/* --- look: what it may belong to, and repeat --- */

static void take_persons(struct openings_set *set)
{
    for (size_t i = 0; i < set->persons.count; i++) {
        const struct case_intake_person *found = &set->persons.list[i];
        struct openings_one *one = &set->list[found->place];

        one->person = (struct opening_person){
            .is_known = !uuid_is_none(&found->customer),
            .customer = found->customer,
            .contact = found->contact,
            .standing = {.grade = found->grade},
        };
        one->counts_as = found->counts_as;
    }
}

static void take_takens(struct request *req, struct openings_set *set)
{
    for (size_t i = 0; i < set->takens.count; i++) {
        const struct case_intake_taken *taken = &set->takens.list[i];

        refuse(&set->list[taken->place], "external_ref",
               arena_print(req->arena, "is case %.*s already: a case elsewhere is one case here",
                           (int)taken->number.bytes, taken->number.at));
    }
}

static void read_named(struct request *req, struct openings_one *one)
{
    if (one->opening->joins.bytes == 0 || one->is_historic)
        return;
    one->has_named = cases_ref_parse(one->opening->joins, req->arena, &one->named);
    if (!one->has_named)
        refuse(one, "joins", "must be " CASES_REF_FORMS);
}

/* History joins nothing, and nothing is asked about it. */
static bool needs_look(const struct openings_one *one)
{
    return is_open(one) && !one->is_historic &&
           (one->has_named || one->person.is_known || one->opening->order_number.bytes > 0 ||
            one->opening->batch.bytes > 0);
}

static int32_t day_of(const struct request *req, int64_t at_us)
{
    return zone_day(&req->service->zone, at_us);
}

void openings_look(struct request *req, struct openings_set *set)
{
    const struct case_rules *rules = &set->rules;
    uint32_t days = rules->severity.recurrence_days > rules->targets.reopen_days
                        ? rules->severity.recurrence_days
                        : rules->targets.reopen_days;
    struct pg_args *question = case_intake_ask_cases(req);
    size_t asked = 0;

    take_persons(set);
    take_takens(req, set);
    for (size_t i = 0; i < set->count; i++) {
        struct openings_one *one = &set->list[i];
        struct case_intake_ask ask = {.since = INT32_MAX / 2};

        if (is_open(one))
            read_named(req, one);
        if (needs_look(one)) {
            asked++;
            ask = (struct case_intake_ask){
                .named = one->has_named ? &one->named : NULL,
                .counts_as = one->person.is_known ? &one->counts_as : NULL,
                .order_number = one->opening->order_number,
                .product = one->opening->product,
                .batch = one->opening->batch,
                .since = day_of(req, one->opening->submitted_us) - (int32_t)days,
            };
        }
        case_intake_add_case(question, &ask);
    }
    if (asked > 0)
        case_intake_find_cases(req, question, &set->found);
}

/* --- sort: what each is --- */

/* Answers come by place. */
static void spread_found(struct openings_set *set)
{
    for (size_t i = 0; i < set->found.count; i++) {
        struct openings_one *one = &set->list[set->found.list[i].place];

        if (one->count++ == 0)
            one->first = i;
    }
}

static struct joining_ask joining_of(const struct request *req, const struct openings_one *one)
{
    return (struct joining_ask){
        .kind = one->opening->kind,
        .customer = one->counts_as,
        .order = one->opening->order_number,
        .product = one->opening->product,
        .day = day_of(req, one->opening->submitted_us),
    };
}

/* An earlier one of this set that becomes a case, as the later ones see it. */
static struct joining_case as_case(const struct openings_one *one)
{
    return (struct joining_case){
        .customer = one->counts_as,
        .kind = one->opening->kind,
        .state = CASE_RECEIVED,
        .order = one->opening->order_number,
        .product = one->opening->product,
    };
}

static bool is_near(const struct openings_one *a, const struct openings_one *b)
{
    return (a->person.is_known && b->person.is_known &&
            memcmp(&a->counts_as, &b->counts_as, sizeof(a->counts_as)) == 0) ||
           (a->opening->order_number.bytes > 0 &&
            text_compare(a->opening->order_number, b->opening->order_number) == 0);
}

/* New cases of this set before `i` that it may belong to: their places; the latest first. */
static size_t list_near(const struct openings_set *set, size_t i, size_t *places, size_t room)
{
    const struct openings_one *one = &set->list[i];
    size_t count = 0;

    for (size_t k = i; k-- > 0 && count < room;)
        if (openings_is_new(&set->list[k]) && !set->list[k].is_historic &&
            is_near(&set->list[k], one))
            places[count++] = k;
    return count;
}

static void count_recurrences(const struct request *req, const struct openings_set *set,
                              struct openings_one *one, const size_t *near, size_t near_count)
{
    int32_t day = day_of(req, one->opening->submitted_us);
    struct recurrence_case self = opening_repeats(one->opening, &one->counts_as, day);
    uint32_t days = set->rules.severity.recurrence_days;

    self.id = (struct id){{1}}; /* not yet one of those that are stored */
    for (size_t k = 0; k < one->count; k++)
        one->recurrences +=
            recurrence_between(&set->found.list[one->first + k].repeats, &self, days) != 0;
    for (size_t k = 0; k < near_count; k++) {
        const struct openings_one *other = &set->list[near[k]];
        const struct recurrence_case earlier = opening_repeats(
            other->opening, &other->counts_as, day_of(req, other->opening->submitted_us));

        one->recurrences += recurrence_between(&earlier, &self, days) != 0;
    }
}

static void add_possible(struct openings_one *one, const struct case_intake_case *other)
{
    one->possible_ids[one->possible_count] = other->joins.id;
    one->possible[one->possible_count++] = other->number;
}

#define NEAR_MAX 50

static bool has_named(const struct joining_case *cases, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (cases[k].is_named)
            return true;
    return false;
}

/* All it may belong to: stored cases first, as they come, then those of this set. */
static void sort_one(struct request *req, struct openings_set *set, size_t i)
{
    struct openings_one *one = &set->list[i];
    const struct joining_ask ask = joining_of(req, one);
    size_t near[NEAR_MAX];
    size_t near_count = list_near(set, i, near, NEAR_MAX);
    struct joining_case *cases =
        arena_take_array(req->arena, one->count + near_count, sizeof(*cases));
    struct joining_verdict verdict;

    if (!cases)
        return;
    for (size_t k = 0; k < one->count; k++)
        cases[k] = set->found.list[one->first + k].joins;
    for (size_t k = 0; k < near_count; k++)
        cases[one->count + k] = as_case(&set->list[near[k]]);
    if (one->has_named && !has_named(cases, one->count)) {
        refuse(one, "joins", "leads to no case: leave it out to open a case of its own");
        return;
    }
    verdict = joining_decide(&ask, cases, one->count + near_count, set->rules.targets.reopen_days);
    one->joining = verdict.joining == JOINING_FOLLOWS ? JOINING_NEW : verdict.joining;
    if (verdict.at < one->count)
        one->at = &set->found.list[one->first + verdict.at];
    else if (verdict.at != SIZE_MAX)
        one->joins_place = near[verdict.at - one->count];
    for (size_t k = 0; k < verdict.possible_count; k++)
        if (verdict.possible[k] < one->count)
            add_possible(one, &set->found.list[one->first + verdict.possible[k]]);
    count_recurrences(req, set, one, near, near_count);
}

/* One reference of a case elsewhere twice in a set: the first is meant. */
static void refuse_twice(struct openings_set *set, size_t i)
{
    const struct opening *opening = set->list[i].opening;

    for (size_t k = 0; k < i && opening->external_source.bytes > 0; k++)
        if (is_open(&set->list[k]) &&
            text_compare(opening->external_id, set->list[k].opening->external_id) == 0 &&
            text_compare(opening->external_source, set->list[k].opening->external_source) == 0) {
            refuse(&set->list[i], "external_ref", "is of another one in this batch already");
            return;
        }
}

void openings_sort(struct request *req, struct openings_set *set)
{
    spread_found(set);
    for (size_t i = 0; i < set->count; i++) {
        struct openings_one *one = &set->list[i];

        if (one->is_left)
            continue;
        one->joining = JOINING_NEW;
        one->joins_place = OPENINGS_NOWHERE;
        if (is_open(one))
            refuse_twice(set, i);
        if (is_open(one) && !one->is_historic)
            sort_one(req, set, i);
    }
}

/* --- draw: numbers --- */

/* A case is counted on the day we hear of it; history on its own day. */
static int32_t number_day(const struct request *req, const struct openings_one *one)
{
    return day_of(req, one->is_historic ? one->opening->submitted_us : req->received_us);
}

struct wanted {
    enum case_kind kind;
    int32_t day;
    size_t place;
};

static int by_wanted(const void *a, const void *b)
{
    const struct wanted *one = a, *other = b;

    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    if (one->day != other->day)
        return one->day < other->day ? -1 : 1;
    return (one->place > other->place) - (one->place < other->place);
}

/* The new ones by kind and day. NULL: no memory. */
static struct wanted *list_wanted(struct request *req, const struct openings_set *set,
                                  size_t *count)
{
    struct wanted *wanted = arena_take_array(req->arena, set->count, sizeof(*wanted));

    *count = 0;
    for (size_t i = 0; wanted && i < set->count; i++)
        if (openings_is_new(&set->list[i]))
            wanted[(*count)++] =
                (struct wanted){set->list[i].opening->kind, number_day(req, &set->list[i]), i};
    if (*count > 0)
        qsort(wanted, *count, sizeof(*wanted), by_wanted);
    return wanted;
}

/* How many from `i` on are of one kind and day. */
static size_t count_alike(const struct wanted *wanted, size_t count, size_t i)
{
    size_t end = i + 1;

    while (end < count && wanted[end].kind == wanted[i].kind && wanted[end].day == wanted[i].day)
        end++;
    return end - i;
}

void openings_draw(struct request *req, struct openings_set *set)
{
    struct pg_args *question = case_intake_ask_numbers(req);
    size_t count;
    const struct wanted *wanted = list_wanted(req, set, &count);

    for (size_t i = 0; i < count;) {
        size_t alike = count_alike(wanted, count, i);

        case_intake_add_number(question, wanted[i].kind, wanted[i].day, (uint32_t)alike);
        i += alike;
    }
    if (count > 0)
        case_intake_draw(req, question, &set->numbers);
}

/* --- make --- */

static uint32_t last_of(const struct openings_set *set, enum case_kind kind, int32_t day)
{
    for (size_t i = 0; i < set->numbers.count; i++)
        if (set->numbers.list[i].kind == kind && set->numbers.list[i].day == day)
            return set->numbers.list[i].last;
    return 0;
}

/* Numbers and ids as they are kept beside the case, where they lead to nobody yet. */
static struct text own_ref(struct request *req, const struct opening *opening)
{
    char *text;

    if (opening->who != OPENING_BY_REF || opening->customer.kind == CUSTOMER_REF_EXTERNAL)
        return TEXT_OF("");
    if (opening->customer.kind == CUSTOMER_REF_ID) {
        text = codec_read_print_id(&opening->customer.id, req->arena);
        return text ? (struct text){text, strlen(text)} : TEXT_OF("");
    }
    text = arena_take(req->arena, CUSTOMER_REF_NUMBER_BYTES);
    return text ? (struct text){text, customer_ref_print_number(opening->customer.number, text)}
                : TEXT_OF("");
}

static bool make_one(struct request *req, struct openings_set *set, struct openings_one *one,
                     uint32_t nth)
{
    char *number = arena_take(req->arena, CASE_NUMBER_BYTES);
    struct opening_stamp stamp = {
        .id = request_new_id(req),
        .own_ref = own_ref(req, one->opening),
        .phone_hash = one->phone_hash.bytes > 0 ? one->phone_hash : phone_hash(req, one->opening),
        .day = day_of(req, one->opening->submitted_us),
        .now_us = req->now_us,
        .is_historic = one->is_historic,
        .recurrences = one->recurrences,
        .currency = req->service->currency,
    };

    if (!number)
        return false;
    stamp.number.bytes = case_number_print(one->opening->kind, number_day(req, one), nth, number);
    stamp.number.at = number;
    if (one->joining == JOINING_RECURS && one->at)
        stamp.recurs_of = one->at->joins.id;
    one->file = opening_file(one->opening, &one->person, &stamp, &set->rules.severity);
    if (!one->is_historic)
        case_clocks_happen(req, &one->file, &set->rules, CLOCK_EVENT_RECEIVED, req->now_us,
                           &one->clocks);
    return true;
}

bool openings_make(struct request *req, struct openings_set *set)
{
    size_t count;
    const struct wanted *wanted = list_wanted(req, set, &count);

    if (!wanted)
        return set->count == 0;
    for (size_t i = 0; i < count;) {
        size_t alike = count_alike(wanted, count, i);
        uint32_t last = last_of(set, wanted[i].kind, wanted[i].day);

        for (size_t k = 0; k < alike; k++)
            if (last < alike || !make_one(req, set, &set->list[wanted[i + k].place],
                                          last - (uint32_t)(alike - 1 - k)))
                return false;
        i += alike;
    }
    return !arena_is_full(req->arena);
}
