#include "services/customers/handlers/grades.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/domain/review.h"
#include "services/customers/store/file.h"
#include "services/customers/store/owner.h"

/* Events of the past are silent (BEHAVIOUR §0). */
#define HISTORIC_DAYS 7

enum flow grades_refuse_question(struct request *req, enum status status,
                                 const struct codec_grade_fault *fault)
{
    if (status == INVALID_ARGUMENT)
        flow_violation(req, fault->field, "%s", fault->why);
    return flow_refuse(req, status, "the question about grades cannot be answered as asked");
}

/* "B.-19000000000.0190…": grade, net upside down, customer. */
bool grades_read_token(struct text token, struct grade_list_place *place)
{
    struct grade_list_place read = {.minus_net_micros = INT64_MIN};
    char text[80];
    int end = 0;

    *place = read;
    if (token.bytes == 0)
        return true;
    if (token.bytes >= sizeof(text))
        return false;
    memcpy(text, token.at, token.bytes);
    text[token.bytes] = '\0';
    read.grade = grade_from_letter(text[0]);
    if (read.grade == GRADE_NONE ||
        sscanf(text + 1, ".%" SCNd64 ".%n", &read.minus_net_micros, &end) != 1 || end == 0 ||
        !uuid_parse(text + 1 + end, strlen(text + 1 + end), &read.customer))
        return false;
    *place = read;
    return true;
}

const char *grades_print_token(const struct grade_list_place *place, struct arena *arena)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&place->customer, id);
    return arena_print(arena, "%c.%" PRId64 ".%s", grade_letter(place->grade),
                       place->minus_net_micros, id);
}

const char *grades_asker(const struct request *req)
{
    return req->actor[0] ? req->actor : req->key.name;
}

bool grades_change(struct request *req, const struct grade_current *current, enum grade from,
                   const struct grade_entry *entry, const struct grade_review_policy *review)
{
    int32_t today = zone_day(&req->service->zone, req->now_us);
    const struct codec_grade_change change = {
        .current = current,
        .from = from,
        .reason = entry->reason,
        .as_of = entry->as_of,
        .by_run = strcmp(entry->reason, "run") == 0,
        .is_historic = entry->as_of < today - HISTORIC_DAYS,
    };
    struct flow_packed event;

    grade_add_history(req, current, entry);
    if (current->grade == from)
        return true;
    owner_wait_again(req, &current->customer);
    /* A better customer's file is looked through more often. */
    file_set_review_months(req, &current->customer,
                           review_months((char)('A' + (int)current->grade - GRADE_A), review));
    if (!flow_pack(req, codec_grade_changed(&change, req->arena), &event))
        return false;
    log_add(req, event.type, &current->customer, event.bytes, event.count);
    return true;
}

struct grade_customer grades_customer(const struct grade_current *current, int64_t number,
                                      const struct customer_file *references, struct arena *arena)
{
    const struct customer_reference *ref = references->references;
    struct grade_customer customer = {
        .number = number,
        .grade = current->grade,
        .region = current->region,
        .numerator_micros = current->numerator_micros,
        .denominator_micros = current->denominator_micros,
        .is_long_term = current->is_long_term,
        .flags = current->flags,
        .has_run = true,
        .run = current->run,
        .as_of = current->as_of,
    };

    if (references->reference_count > 0) {
        const char *text = arena_print(arena, "%.*s:%.*s", (int)ref->source.bytes, ref->source.at,
                                       (int)ref->external_id.bytes, ref->external_id.at);

        customer.ref = (struct text){text, text ? strlen(text) : 0};
    }
    return customer;
}

static void print_key(const char *kind, const struct id *customer, char out[80])
{
    char id[UUID_TEXT_BYTES];

    uuid_print(customer, id);
    snprintf(out, 80, "%s:%s", kind, id);
}

void grades_arm(struct request *req, const char *kind, const struct id *customer, int32_t last_day)
{
    struct day_date date = day_split(last_day + 1);
    const struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};
    char key[80];

    print_key(kind, customer, key);
    timer_arm(req, key, customer, zone_moment(&req->service->zone, &midnight), NULL, 0);
}

void grades_disarm(struct request *req, const char *kind, const struct id *customer)
{
    char key[80];

    print_key(kind, customer, key);
    timer_disarm(req, key);
}

int32_t grades_working_days_after(const struct request *req, int32_t day, uint32_t days)
{
    int32_t moved;

    /* No calendar is without a working day for ten years; without one the term would be twice as
     * long. */
    if (!calendar_move_day(&req->service->calendar, day, (int32_t)days, &moved))
        return day + 2 * (int32_t)days;
    return moved;
}
