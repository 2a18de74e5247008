#include "services/customers/store/region.h"
#include "services/customers/handlers/regions.h"

enum flow regions_refuse_question(struct request *req, enum status status,
                                  const struct codec_region_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    return flow_refuse(req, status, "the question about regions is not right");
}
