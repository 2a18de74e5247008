/*
 * kehu.complaints.v1.GetCalendar and ListCalendars: one version of a calendar, or the present ones
 * of all.
 */
#include <string.h>

#include "services/complaints/handlers/calendars_in_force.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct getting {
    struct codec_calendar_ask ask;
    struct calendar_rows rows;
};

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;
    struct codec_calendar found;
    bool is_found =
        r->rows.count > 0
            ? codec_calendar_read(r->rows.list[0].document, req->arena, &found)
            : calendars_in_force_built_in(req->service, r->ask.name, req->arena, &found) &&
                  (r->ask.version == 0 || r->ask.version == found.version);

    if (!is_found)
        return flow_refuse(req, NOT_FOUND, "there is no such calendar, or no such version of it");
    return flow_reply(req, found.document);
}

enum flow handle_get_calendar(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_calendar(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    calendar_row_find(req, r->ask.name, r->ask.version, &r->rows);
    return flow_wait(req, answer);
}

static enum flow answer_all(struct request *req)
{
    struct getting *r = req->state;
    struct codec_calendar *all;
    size_t count;

    if (!calendars_in_force_list(req->service, &r->rows, req->arena, &all, &count))
        return flow_refuse_large(req);
    return flow_reply(req, codec_calendar_list(all, count, req->arena));
}

enum flow handle_list_calendars(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));

    calendar_row_list(req, &r->rows);
    return flow_wait(req, answer_all);
}
