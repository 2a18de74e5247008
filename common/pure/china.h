/*
 * What people in China type into a file, read as they mean it: telephone numbers, credit codes
 * (统一社会信用代码, GB 32100), names of people and companies, e-mail addresses (BEHAVIOUR §5).
 * Input is UTF-8; full width digits and letters are taken for half width ones. A function that
 * refuses leaves its out-parameter as it was and says why by a value of enum china_refusal.
 */
#ifndef KEHU_CHINA_H
#define KEHU_CHINA_H

#include "common/base.h"

enum china_refusal {
    CHINA_FINE,
    CHINA_EMPTY,
    CHINA_NO_UTF8,
    CHINA_TOO_LONG,
    CHINA_CONTROL,    /* a control character or an invisible mark */
    CHINA_CHARACTER,  /* one that has no place there */
    CHINA_NO_NUMBER,  /* not a telephone number that we know */
    CHINA_AREA,       /* a landline without its area code */
    CHINA_LENGTH,     /* too few or too many digits */
    CHINA_CHECK,      /* the check character does not fit */
    CHINA_NO_ADDRESS, /* not an e-mail address */
};

/* A sentence's end in English: "must have 18 characters". */
const char *china_refusal_text(enum china_refusal refusal);

enum china_phone_kind {
    CHINA_PHONE_MOBILE,
    CHINA_PHONE_LANDLINE,
    CHINA_PHONE_SHARED,  /* 400 and 800 numbers of companies */
    CHINA_PHONE_SERVICE, /* 95xxx, 96xxx, 12315, 10086 and the like */
    CHINA_PHONE_FOREIGN, /* with + and the code of another country or region */
};

struct china_phone {
    enum china_phone_kind kind;
    char number[20];   /* E.164 ("+8613800000001", "+862164321234"); SERVICE as dialled: "95588" */
    char extension[8]; /* digits; empty: none */
};

/*
 * Mobile 1[3-9] and nine digits; landlines with area code, in brackets or not; extensions after 转,
 * 分机, ext, x, # or a hyphen. Spaces, dots, hyphens, +86, 0086 and full width digits are accepted.
 */
enum china_refusal china_read_phone(struct text text, struct china_phone *phone) MUST_USE;
/* Many people have it: 400, 800, 95… and switchboards (a landline with extension). Says nothing
 * about who calls, so no duplicate is suggested by it. */
bool china_is_shared_phone(const struct china_phone *phone);
/* "138****0001", "0871****2233" by the number of a china_phone; terminated. */
#define CHINA_MASK_BYTES 64
void china_mask_phone(const char *number, char out[CHINA_MASK_BYTES]);
/* The last four digits, or fewer where there are not so many. */
void china_last_four(const char *number, char out[5]);

#define CHINA_CREDIT_CODE_BYTES 19
/* 18 characters of 0-9 and A-Z without I O Z S V whose last one is the check, modulo 31. Small
 * letters, full width and spaces around are accepted; `code` is as on the licence. */
enum china_refusal china_read_credit_code(struct text text,
                                          char code[CHINA_CREDIT_CODE_BYTES]) MUST_USE;

#define CHINA_EMAIL_BYTES 255
/* Syntax as mail servers take it: no quoted local parts, a domain with a dot. Trimmed, the domain
 * in small letters. */
enum china_refusal china_read_email(struct text text, char email[CHINA_EMAIL_BYTES]) MUST_USE;
/* "z***@example.com". */
void china_mask_email(const char *email, char out[CHINA_EMAIL_BYTES]);

/*
 * A person's or company's name: trimmed, inner spaces single, Latin letters and digits half width,
 * the dot of foreign names as `·`. Rare characters are kept. At most `max_characters`, and what
 * `room` bytes hold with the terminator.
 */
enum china_refusal china_read_name(struct text text, int32_t max_characters, char *name,
                                   size_t room) MUST_USE;
/*
 * What two spellings of one company's name have in common: small half width letters, no brackets,
 * spaces or signs, 有限责任公司 and 有限公司 left out. Everything else stays, so a branch, another
 * city or another number makes another key. An empty one says nothing. False: does not fit.
 */
bool china_make_company_key(struct text name, char *key, size_t room) MUST_USE;
/* 分公司, 分店, 分行, 办事处, 门店, 第三… : where the keys differ and one of two is a branch, they
 * are no duplicates, whatever telephone number they share. */
bool china_is_branch(struct text name);

#endif
