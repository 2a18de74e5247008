/*
 * kehu.complaints.v1.ReportComplaints: figures of complaints by a key, largest first or page by
 * page, and the complaint rate of the period.
 */
#include "services/complaints/codec/codec_case_report.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_report.h"

#include "common/service.h"

struct reporting {
    struct report_question question;
    struct case_rules rules;
    struct report_rows rows;
    struct report_clocks clocks;
    struct report_rate rate;
    bool has_next;
};

static enum flow count(struct request *req);
static enum flow count_clocks(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_report_complaints(struct request *req)
{
    struct reporting *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_report_complaints(req->payload, req->payload_bytes, req->arena,
                                                     &r->question, &faults);

    if (status != OK)
        return refusal_of_faults(req, status, &faults);
    case_rules_ask(req, &r->rules);
    return flow_wait(req, count);
}

static enum flow count(struct request *req)
{
    struct reporting *r = req->state;
    int32_t end = r->question.to == INT32_MIN ? zone_day(&req->service->zone, req->now_us) + 1
                                              : r->question.to + 1;

    r->question.recurrence_days = r->rules.severity.recurrence_days;
    case_report_list(req, &r->question, &r->rows);
    case_report_rate(req, &r->question, figures_active_from(end), end, &r->rate);
    return flow_wait(req, count_clocks);
}

static enum flow count_clocks(struct request *req)
{
    struct reporting *r = req->state;

    r->has_next = r->question.top == 0 && r->rows.count > r->question.page_size;
    if (r->has_next)
        r->rows.count = r->question.page_size;
    if (r->rows.count == 0)
        return flow_go(req, answer);
    case_report_list_clocks(req, &r->question, &r->rows, &r->clocks);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct reporting *r = req->state;

    return flow_reply(req, codec_complaint_report(&r->question, &r->rows, &r->clocks, &r->rate,
                                                  r->has_next, req->arena));
}
