/* What open, settle and enquiry have in common: the case as it comes in, from options. */
#ifndef KEHU_CTL_COMPLAINT_INTAKE_H
#define KEHU_CTL_COMPLAINT_INTAKE_H

#include "command_complaint.h"

/* The OpenComplaint that the options and the text of the first argument make. NULL: *code says why
 * not, and it was said. */
Kehu__Complaints__V1__OpenComplaint *complaint_intake(struct ctl *ctl, int *code);
/* Attachments of --attach, each given by its address; put into `count` and the list. */
Kehu__Complaints__V1__Attachment **complaint_attachments(struct ctl *ctl, size_t *count);
/* --cause, --unit, --fault, --remedy, --amount, --currency, --remedy-text; NULL: none is given. */
Kehu__Complaints__V1__CaseHandling *complaint_handling(struct ctl *ctl);
/* The remedy alone; NULL: none is given. `kind` NULL: of --remedy. */
Kehu__Complaints__V1__Remedy *complaint_remedy(struct ctl *ctl, const char *kind);

/* Options of complaint_intake; `kind` is the command's own. */
#define COMPLAINT_INTAKE_OPTIONS                                                                   \
    {"--customer", "REF", "who complains: number, id or SOURCE:EXTERNAL_ID, known or not", false}, \
        {"--phone", "NUMBER", "… or the telephone number he calls from", false},                   \
        {"--anonymous", NULL, "… or nobody knows", false},                                         \
        {"--contact", "CONTACT", "the person: CUSTOMER/NAME or the id", false},                    \
        {"--reply-to", "WAY", "how he wants to be answered: phone, email, wechat or sms", false},  \
        {"--channel", "CHANNEL",                                                                   \
         "hotline, online, store_box, phone, email, visit, wechat, regulator or other (default)",  \
         false},                                                                                   \
        {"--at", "TIME", "when he said it, \"2026-11-22 10:30\" (default: now)", false},           \
        {"--order", "NUMBER", "SOURCE:NUMBER of the order, or the number alone", false},           \
        {"--product", "KEY", "the product, by which reports count", false},                        \
        {"--batch", "BATCH", "its batch", false},                                                  \
        {"--issue", "KEY", "what is wrong, by which reports count", false},                        \
        {"--region", "NAME", "where", false},                                                      \
        {"--summary", "TEXT", "one line for lists (default: the beginning)", false},               \
        {"--external-ref", "REF", "SOURCE:EXTERNAL_ID of the case elsewhere", false},              \
        {"--joins", "CASE", "the open case it belongs to", false},                                 \
        {"--safety", "SEVERITY", "minor, ordinary, serious or critical: danger", false},           \
        {"--legal-or-media", "SEVERITY", "likewise: courts, authorities, press", false},           \
        {"--in-dispute", "AMOUNT", "how much is at stake", false},                                 \
        {"--currency", "CODE", "of it (default: the business currency)", false},                   \
        {"--authority", "NAME",                                                                    \
         "with --channel regulator: 12315, 12345, consumer_association, industry_regulator or "    \
         "media",                                                                                  \
         false},                                                                                   \
        {"--authority-number", "NUMBER", "its number of the case", false},                         \
        {"--authority-date", "DATE", "its date", false},                                           \
        {"--authority-deadline", "DATE", "its deadline (default: by policy)", false},              \
    {                                                                                              \
        "--attach", "URL", "a document, by reference; may stand several times", false              \
    }

#endif
