#include "services/complaints/handlers/policies_in_force.h"

#include <string.h>

#include "services/complaints/codec/codec_case_policy.h"
#include "services/complaints/handlers/calendars_in_force.h"
#include "services/complaints/handlers/counters.h"

/* One request's look. */
struct looking {
    struct policy_look look;
    struct policies_kept *kept;
    struct case_rules *out;
    int64_t now_us;
};

static struct case_rules standard(void)
{
    return (struct case_rules){
        .targets = clock_policy_standard(),
        .severity = severity_policy_standard(),
        .remedies = remedy_policy_standard(),
        .repeat = repeat_policy_standard(),
        .targets_version = 1,
        .causes_version = 1,
        .severity_version = 1,
        .remedies_version = 1,
        .repeat_version = 1,
    };
}

static uint32_t *version_of(struct case_rules *policies, enum case_policy_kind kind)
{
    uint32_t *versions[] = {
        [CASE_POLICY_TARGETS] = &policies->targets_version,
        [CASE_POLICY_CAUSES] = &policies->causes_version,
        [CASE_POLICY_SEVERITY] = &policies->severity_version,
        [CASE_POLICY_REMEDIES] = &policies->remedies_version,
        [CASE_POLICY_REPEAT] = &policies->repeat_version,
    };

    return versions[kind];
}

/* What a version says takes the place of what was. One that cannot be read leaves it. */
static void take(struct case_rules *policies, enum case_policy_kind kind,
                 const struct policy_row *row, struct arena *arena)
{
    struct case_policy said;

    if (kind != CASE_POLICY_CAUSES &&
        codec_case_policy_read(kind, row->document, arena, &said) != OK)
        return;
    *version_of(policies, kind) = row->version;
    switch (kind) {
    case CASE_POLICY_TARGETS:
        policies->targets = said.targets;
        break;
    case CASE_POLICY_SEVERITY:
        policies->severity = said.severity;
        break;
    case CASE_POLICY_REMEDIES:
        policies->remedies = said.remedies;
        break;
    case CASE_POLICY_REPEAT:
        policies->repeat = said.repeat;
        break;
    case CASE_POLICY_CAUSES: /* asked for by those who need them */
    case CASE_POLICY_NONE:
        break;
    }
}

/* The first row of a kind whose time has come is in force; those before it are to come. */
static void renew(struct looking *looking, struct arena *arena)
{
    const struct policy_rows *rows = &looking->look.rows;
    struct case_rules policies = standard();
    int64_t next_us = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct policy_row *row = &rows->list[i];

        if (row->valid_from_us <= looking->now_us)
            continue;
        if (next_us == 0 || row->valid_from_us < next_us)
            next_us = row->valid_from_us;
    }
    for (int kind = 1; kind <= CASE_POLICY_KINDS; kind++)
        for (size_t i = 0; i < rows->count; i++) {
            const struct policy_row *row = &rows->list[i];

            if (strcmp(row->kind, case_policy_kinds.names[kind]) != 0 ||
                row->valid_from_us > looking->now_us)
                continue;
            take(&policies, (enum case_policy_kind)kind, row, arena);
            break;
        }
    *looking->kept = (struct policies_kept){policies, (int64_t)rows->count + 1, next_us};
}

static void arrived(struct policy_look *look, struct arena *arena)
{
    struct looking *looking = look->owner;

    if (look->rows.count > 0 && !arena_is_full(arena))
        renew(looking, arena);
    *looking->out = looking->kept->rows > 0 ? looking->kept->present : standard();
}

void case_rules_ask(struct request *req, struct case_rules *out)
{
    struct complaints_counters *counters = req->service->counters;
    struct policies_kept *kept = &counters->policies;
    struct looking *looking = arena_take(req->arena, sizeof(*looking));
    bool is_over = kept->next_valid_us != 0 && kept->next_valid_us <= req->now_us;

    *out = standard();
    calendars_in_force_ask(req);
    if (!looking)
        return; /* the request ends with a full arena */
    looking->kept = kept;
    looking->out = out;
    looking->now_us = req->now_us;
    looking->look = (struct policy_look){
        .known = kept->rows == 0 || is_over ? -1 : kept->rows - 1,
        .without = case_policy_kinds.names[CASE_POLICY_CAUSES],
        .arrived = arrived,
        .owner = looking,
    };
    policy_look(req, &looking->look);
}

static void causes_arrived(struct policy_look *look, struct arena *arena)
{
    struct cause_tree *out = look->owner;
    struct case_policy said;

    if (look->rows.count > 0 &&
        codec_case_policy_read(CASE_POLICY_CAUSES, look->rows.list[0].document, arena, &said) == OK)
        *out = said.causes;
}

void policies_in_force_ask_causes(struct request *req, struct cause_tree *out)
{
    struct policy_look *look = arena_take(req->arena, sizeof(*look));

    *out = cause_standard();
    if (!look)
        return;
    *look = (struct policy_look){.arrived = causes_arrived, .owner = out};
    policy_look_at(req, case_policy_kinds.names[CASE_POLICY_CAUSES], req->now_us, look);
}
