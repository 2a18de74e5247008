/* What clocks do by themselves: pauses end, warnings and breaches are said in the log. */
#include "common/log.h"
#include "services/complaints/codec/codec_clock.h"
#include "services/complaints/handlers/case_clocks.h"

/* The first of a case's clocks that rings by `now_us`; NULL: none does. */
static struct clock_row *find_next(struct clock_rows *clocks, int64_t now_us)
{
    struct clock_row *first = NULL;

    for (size_t i = 0; i < clocks->count; i++) {
        struct clock_row *row = &clocks->list[i];

        if (clock_next(&row->clock) <= now_us &&
            (!first || clock_next(&row->clock) < clock_next(&first->clock)))
            first = row;
    }
    return first;
}

/* The log's word, and a line of the history. */
static bool tell(struct request *req, const struct case_file *file, const struct clock_row *row,
                 enum clock_ring ring, int64_t at_us)
{
    const struct codec_clock_rung rung = {.case_id = row->case_id,
                                          .clock_id = row->id,
                                          .handler = file->handler,
                                          .clock = &row->clock,
                                          .ring = ring,
                                          .at_us = at_us,
                                          .priority = file->priority};
    const ProtobufCMessage *event = codec_make_clock_rung(&rung, req->arena);
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, &file->id, packed.bytes, packed.count);
    return true;
}

static void note(struct request *req, const struct case_file *file, const struct clock_row *row,
                 enum clock_ring ring, int64_t at_us)
{
    static const char *const acts[] = {[CLOCK_RINGS_NOT] = "",
                                       [CLOCK_GOES_ON] = "clock_goes_on",
                                       [CLOCK_WARNS] = "clock_warned",
                                       [CLOCK_BREACHES] = "clock_breached"};

    cases_add_entry(req, &(struct cases_entry){.case_id = file->id,
                                               .at_us = at_us,
                                               .act = acts[ring],
                                               .from = file->state,
                                               .to = file->state,
                                               .by = "",
                                               .detail = clock_kind_name(row->clock.kind)});
}

bool case_clocks_ring_until(struct request *req, const struct case_file *file,
                            struct clock_rows *clocks, int64_t until_us)
{
    struct clock_row *row;

    while ((row = find_next(clocks, until_us)) != NULL) {
        int64_t at_us = 0;
        enum clock_ring ring =
            clock_ring(&row->clock, case_clocks_calendar_of(req, row->calendar), until_us, &at_us);

        row->is_changed = true;
        note(req, file, row, ring, at_us);
        if (ring != CLOCK_GOES_ON && !tell(req, file, row, ring, at_us))
            return false;
    }
    return true;
}

bool case_clocks_ring(struct request *req, const struct case_file *file, struct clock_rows *clocks)
{
    return case_clocks_ring_until(req, file, clocks, req->now_us);
}
