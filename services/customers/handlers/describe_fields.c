/*
 * kehu.customers.v1.DescribeFields: the dictionary, from the program itself.
 */
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"

enum flow handle_describe_fields(struct request *req)
{
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_describe_fields(req->payload, req->payload_bytes, req->arena, &faults);

    if (status != OK)
        return file_change_refuse(req, status, &faults);
    return flow_reply(req, codec_field_descriptions(file_change_asker(req).today, req->arena));
}
