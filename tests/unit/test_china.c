/*
 * Telephone numbers, credit codes, e-mail addresses and names as people in China write them:
 * BEHAVIOUR §5, by example.
 */
#include "common/pure/china.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include "common/pure/utf8.h"

static struct text text_of(const char *at)
{
    return (struct text){at, strlen(at)};
}

struct phone_case {
    const char *typed;
    const char *number;
    enum china_phone_kind kind;
    const char *extension;
};

static void assert_phones(const struct phone_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct china_phone phone;
        enum china_refusal refusal = china_read_phone(text_of(cases[i].typed), &phone);

        if (refusal)
            fail_msg("%s: %s", cases[i].typed, china_refusal_text(refusal));
        if (strcmp(phone.number, cases[i].number) || phone.kind != cases[i].kind ||
            strcmp(phone.extension, cases[i].extension ? cases[i].extension : ""))
            fail_msg("%s: %s ext %s kind %d", cases[i].typed, phone.number, phone.extension,
                     phone.kind);
    }
}

static void a_mobile_number_is_read_however_it_is_written(void **state)
{
    static const char *const typed[] = {
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "+8613800000001",
        "+86 138 0000 0001",
        "008613800000001",
        "0086-138-00000001",
        "8613800000001",
        "138００００0001",
        "＋８６　13800000001",
        "(+86)13800000001",
        " 13800000001 ",
        "１３８０００００００１",
        "\xe2\x80\xad+86 138 0000 0001\xe2\x80\xac",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(typed); i++)
        assert_phones(&(struct phone_case){typed[i], "+8613800000001", CHINA_PHONE_MOBILE, NULL},
                      1);
    assert_phones(
        &(struct phone_case){"17012345678转1234", "+8617012345678", CHINA_PHONE_MOBILE, "1234"}, 1);
}

static void a_landline_is_read_with_area_code_and_extension(void **state)
{
    static const struct phone_case cases[] = {
        {"010-65529988", "+861065529988", CHINA_PHONE_LANDLINE, NULL},
        {"(010)6552 9988", "+861065529988", CHINA_PHONE_LANDLINE, NULL},
        {"（０１０）６５５２９９８８", "+861065529988", CHINA_PHONE_LANDLINE, NULL},
        {"+86 10 6552 9988", "+861065529988", CHINA_PHONE_LANDLINE, NULL},
        {"+86 (0)10 6552 9988", "+861065529988", CHINA_PHONE_LANDLINE, NULL},
        {"0871-63112233", "+8687163112233", CHINA_PHONE_LANDLINE, NULL},
        {"0871-63112233-801", "+8687163112233", CHINA_PHONE_LANDLINE, "801"},
        {"0871-63112233转801", "+8687163112233", CHINA_PHONE_LANDLINE, "801"},
        {"0871-63112233 转分机 801", "+8687163112233", CHINA_PHONE_LANDLINE, "801"},
        {"0871 63112233 ext. 801", "+8687163112233", CHINA_PHONE_LANDLINE, "801"},
        {"087163112233x801", "+8687163112233", CHINA_PHONE_LANDLINE, "801"},
        {"087163112233#8", "+8687163112233", CHINA_PHONE_LANDLINE, "8"},
        {"010-6552-9988", "+861065529988", CHINA_PHONE_LANDLINE, NULL},
        {"0692-2123456", "+866922123456", CHINA_PHONE_LANDLINE, NULL},
        {"0692-2123456-8", "+866922123456", CHINA_PHONE_LANDLINE, "8"},
        {"0991-4567890", "+869914567890", CHINA_PHONE_LANDLINE, NULL},
    };

    (void)state;
    assert_phones(cases, COUNT_OF(cases));
}

static void company_and_service_numbers_are_known_as_such(void **state)
{
    static const struct phone_case cases[] = {
        {"400-820-8820", "+864008208820", CHINA_PHONE_SHARED, NULL},
        {"4008208820-2", "+864008208820", CHINA_PHONE_SHARED, "2"},
        {"800 810 8888", "+868008108888", CHINA_PHONE_SHARED, NULL},
        {"95588", "95588", CHINA_PHONE_SERVICE, NULL},
        {"95105555", "95105555", CHINA_PHONE_SERVICE, NULL},
        {"96119", "96119", CHINA_PHONE_SERVICE, NULL},
        {"12315", "12315", CHINA_PHONE_SERVICE, NULL},
        {"10086", "10086", CHINA_PHONE_SERVICE, NULL},
        {"110", "110", CHINA_PHONE_SERVICE, NULL},
        {"116114", "116114", CHINA_PHONE_SERVICE, NULL},
        {"+44 20 7946 0958", "+442079460958", CHINA_PHONE_FOREIGN, NULL},
        {"00852 2345 6789", "+85223456789", CHINA_PHONE_FOREIGN, NULL},
    };
    struct china_phone phone;

    (void)state;
    assert_phones(cases, COUNT_OF(cases));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(china_read_phone(text_of(cases[i].typed), &phone), CHINA_FINE);
        assert_int_equal(china_is_shared_phone(&phone), phone.kind != CHINA_PHONE_FOREIGN);
    }
    assert_int_equal(china_read_phone(TEXT_OF("0871-63112233-801"), &phone), CHINA_FINE);
    assert_true(china_is_shared_phone(&phone)); /* a switchboard */
    assert_int_equal(china_read_phone(TEXT_OF("0871-63112233"), &phone), CHINA_FINE);
    assert_false(china_is_shared_phone(&phone));
}

static void what_is_no_telephone_number_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *typed;
        enum china_refusal refusal;
    } cases[] = {
        {"", CHINA_EMPTY},
        {" - ", CHINA_EMPTY},
        {"1380000000", CHINA_LENGTH},
        {"1234", CHINA_NO_NUMBER}, /* no short number has four digits, and few have three or six */
        {"102", CHINA_NO_NUMBER},
        {"123", CHINA_NO_NUMBER},
        {"123456", CHINA_NO_NUMBER},
        {"138000000012", CHINA_LENGTH},
        {"12800000001", CHINA_NO_NUMBER},
        {"63112233", CHINA_AREA},
        {"0871-6311", CHINA_LENGTH},
        {"0871-631122334", CHINA_LENGTH},
        {"010-6552998", CHINA_LENGTH},
        {"010-15529988", CHINA_LENGTH},
        {"999", CHINA_NO_NUMBER},
        {"+", CHINA_EMPTY},
        {"++8613800000001", CHINA_CHARACTER},
        {"138+00000001", CHINA_CHARACTER},
        {"电话13800000001", CHINA_CHARACTER},
        {"13800000001/13900000002", CHINA_LENGTH},
        {"13800000001转", CHINA_LENGTH},
        {"0871-63112233转8012345", CHINA_LENGTH},
        {"123456789012345678901", CHINA_LENGTH},
        {"+441", CHINA_LENGTH},
        {"+0123456789", CHINA_NO_NUMBER},
        {"138\xff", CHINA_NO_UTF8},
    };
    struct china_phone phone = {.number = "as it was"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum china_refusal refusal = china_read_phone(text_of(cases[i].typed), &phone);

        if (refusal != cases[i].refusal)
            fail_msg("'%s': %d, %s", cases[i].typed, refusal, china_refusal_text(refusal));
        assert_string_equal(phone.number, "as it was");
    }
}

static void phones_are_masked_in_the_middle(void **state)
{
    static const char *const cases[][2] = {
        {"+8613800000001", "138****0001"},
        {"13800000001", "138****0001"},
        {"+8687163112233", "0871****2233"},
        {"+866922123456", "0692****456"},
        {"+861065529988", "010****9988"},
        {"+864008208820", "4008208820"},
        {"95588", "95588"},
        {"+442079460958", "+44****58"},
        {"1234567", "****"},
        {"", "****"},
    };
    char out[CHINA_MASK_BYTES];
    char last[5];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        china_mask_phone(cases[i][0], out);
        assert_string_equal(out, cases[i][1]);
    }
    china_last_four("+8613800004321", last);
    assert_string_equal(last, "4321");
    china_last_four("110", last);
    assert_string_equal(last, "110");
}

static void a_credit_code_has_18_characters_and_a_check(void **state)
{
    static const struct {
        const char *typed;
        enum china_refusal refusal;
    } cases[] = {
        {"91350100M000100Y43", CHINA_FINE},      {"91350211M000100Y43", CHINA_CHECK},
        {"91350100m000100y43", CHINA_FINE},      {" ９１350100M000100Y43 ", CHINA_FINE},
        {"91350100M000100Y44", CHINA_CHECK},     {"91350100M000100Y4", CHINA_LENGTH},
        {"91350100M000100Y433", CHINA_LENGTH},   {"9135O100M000100Y43", CHINA_CHARACTER},
        {"9135I100M000100Y43", CHINA_CHARACTER}, {"9135Z100M000100Y43", CHINA_CHARACTER},
        {"9135S100M000100Y43", CHINA_CHARACTER}, {"9135V100M000100Y43", CHINA_CHARACTER},
        {"91350100M000100昆3", CHINA_CHARACTER}, {"", CHINA_EMPTY},
    };
    char code[CHINA_CREDIT_CODE_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        memcpy(code, "-", 2);
        if (china_read_credit_code(text_of(cases[i].typed), code) != cases[i].refusal)
            fail_msg("%s", cases[i].typed);
        assert_string_equal(code, cases[i].refusal ? "-" : "91350100M000100Y43");
    }
}

static void every_single_mistyped_character_of_a_credit_code_is_found(void **state)
{
    static const char characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[CHINA_CREDIT_CODE_BYTES];

    (void)state;
    for (size_t place = 0; place < 18; place++) {
        char typed[] = "91350100M000100Y43";

        for (const char *other = characters; *other; other++) {
            bool is_same = typed[place] == *other;
            char kept = typed[place];

            typed[place] = *other;
            assert_int_equal(china_read_credit_code(text_of(typed), code),
                             is_same ? CHINA_FINE : CHINA_CHECK);
            typed[place] = kept;
        }
    }
}

static void addresses_that_mail_servers_take_are_accepted(void **state)
{
    static const char *const good[][2] = {
        {"zhang.san@example.com", "zhang.san@example.com"},
        {" Li.Na+kehu@Mail.Example.COM.CN ", "Li.Na+kehu@mail.example.com.cn"},
        {"１３８@qq．com", "138@qq.com"},
        {"a@b.co", "a@b.co"},
        {"x@xn--fiqs8s.xn--fiqz9s", "x@xn--fiqs8s.xn--fiqz9s"},
    };
    static const char *const bad[] = {
        "zhang",     "@example.com", "a@",         "a@b",        "a b@example.com", "a@@b.com",
        ".a@b.com",  "a.@b.com",     "a..b@c.d",   "a@-b.com",   "a@b-.com",        "a@b..com",
        "a@b.c",     "a@1.2.3.4",    "a@b.com.",   "张三@b.com", "a@b.com\n",       "a,b@c.com",
        "a@b_c.com", "<a@b.com>",    "a\"b@c.com",
    };
    char email[CHINA_EMAIL_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_int_equal(china_read_email(text_of(good[i][0]), email), CHINA_FINE);
        assert_string_equal(email, good[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (china_read_email(text_of(bad[i]), email) == CHINA_FINE)
            fail_msg("%s", bad[i]);
    china_mask_email("zhang.san@example.com", email);
    assert_string_equal(email, "z***@example.com");
    china_mask_email("z@example.com", email);
    assert_string_equal(email, "***@example.com");
    china_mask_email("", email);
    assert_string_equal(email, "***");
}

static void assert_name(const char *typed, enum china_refusal refusal, const char *name)
{
    char out[64] = "";

    assert_int_equal(china_read_name(text_of(typed), 20, out, sizeof(out)), refusal);
    assert_string_equal(out, name);
}

static void a_name_keeps_rare_characters_and_its_dot(void **state)
{
    (void)state;
    assert_name("  张 三 ", CHINA_FINE, "张 三");
    assert_name("　李娜　", CHINA_FINE, "李娜");
    assert_name("𠮷野家", CHINA_FINE, "𠮷野家");
    assert_name("王㛃", CHINA_FINE, "王㛃");
    assert_name("龙𪚥\xf3\xa0\x84\x80", CHINA_FINE,
                "龙𪚥\xf3\xa0\x84\x80"); /* variation selector */
    assert_name("卡米力・肉孜", CHINA_FINE, "卡米力·肉孜");
    assert_name("卡米力•肉孜", CHINA_FINE, "卡米力·肉孜");
    assert_name("ＡＢＣ１２３（昆明）", CHINA_FINE, "ABC123（昆明）");
    assert_name("O'Brien  Jr.", CHINA_FINE, "O'Brien Jr.");
}

static void a_name_with_control_characters_is_refused(void **state)
{
    (void)state;
    assert_name("张\n三", CHINA_CONTROL, "");
    assert_name("张三\t", CHINA_CONTROL, "");
    assert_name("张\xe2\x80\x8b三", CHINA_CONTROL, "");
    assert_name("张\xe2\x80\xae三", CHINA_CONTROL, "");
    assert_name("\xef\xbb\xbf张三", CHINA_CONTROL, "");
    assert_name("张\x7f", CHINA_CONTROL, "");
    assert_name("张\xc2\x85", CHINA_CONTROL, "");
    assert_name("张\xef\xbf\xbd", CHINA_CHARACTER, "");
    assert_name("   ", CHINA_EMPTY, "");
    assert_name("张\xe4\xb8", CHINA_NO_UTF8, "");
    assert_name("一二三四五六七八九十一二三四五六七八九十", CHINA_FINE,
                "一二三四五六七八九十一二三四五六七八九十");
    assert_name("一二三四五六七八九十一二三四五六七八九十一", CHINA_TOO_LONG, "");
}

static bool is_same_company(const char *a, const char *b)
{
    char key_a[200];
    char key_b[200];

    assert_true(china_make_company_key(text_of(a), key_a, sizeof(key_a)));
    assert_true(china_make_company_key(text_of(b), key_b, sizeof(key_b)));
    return strcmp(key_a, key_b) == 0;
}

static void spellings_of_one_company_share_a_key(void **state)
{
    (void)state;
    assert_true(is_same_company("昆明翠湖商贸有限公司", "昆明翠湖商贸有限责任公司"));
    assert_true(is_same_company("昆明翠湖商贸有限公司", " 昆明 翠湖商贸　有限公司"));
    assert_true(is_same_company("翠湖（昆明）商贸有限公司", "翠湖(昆明)商贸有限公司"));
    assert_true(is_same_company("翠湖【昆明】商贸", "翠湖昆明商贸有限公司"));
    assert_true(is_same_company("ＡＢＣ科技有限公司", "abc科技有限公司"));
    assert_true(is_same_company("A.B.C 科技", "ABC科技"));
}

static void a_branch_or_another_city_is_another_company(void **state)
{
    static const char *const others[] = {
        "昆明翠湖商贸有限公司大理分公司", "昆明翠湖商贸有限公司第三门店",
        "大理翠湖商贸有限公司",           "昆明翠湖商贸有限公司第1分公司",
        "昆明翠湖商贸股份有限公司",       "昆明翠湖商贸有限公司(大理)",
        "昆明翠湖Ⅱ商贸有限公司",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_false(is_same_company("昆明翠湖商贸有限公司", others[i]));
    assert_false(is_same_company(others[1], others[3]));
    assert_true(china_is_branch(text_of(others[0])));
    assert_true(china_is_branch(text_of(others[1])));
    assert_true(china_is_branch(text_of("昆明翠湖第２店")));
    assert_false(china_is_branch(text_of(others[2])));
    assert_false(china_is_branch(text_of("昆明翠湖商贸有限公司")));
    assert_false(china_is_branch(text_of("门第")));
    assert_false(china_is_branch(text_of("")));
}

static void a_company_key_that_does_not_fit_is_told(void **state)
{
    char key[10];

    (void)state;
    assert_true(china_make_company_key(TEXT_OF("昆明翠"), key, sizeof(key)));
    assert_false(china_make_company_key(TEXT_OF("昆明翠湖"), key, sizeof(key)));
    assert_false(china_make_company_key(TEXT_OF("\xff"), key, sizeof(key)));
}

static void only_well_formed_utf8_is_a_character(void **state)
{
    static const char *const bad[] = {"\xc0\x80",    "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\x80",        "\xe4\xb8",     "\xf8\x88\x80\x80\x80",
                                      "\xe0\x80\x80"};
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        at = 0;
        assert_int_equal(utf8_next(text_of(bad[i]), &at), -1);
        assert_int_equal(at, 0);
    }
    assert_int_equal(utf8_next(TEXT_OF("𠮷"), &at), 0x20bb7);
    assert_int_equal(at, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mobile_number_is_read_however_it_is_written),
        cmocka_unit_test(a_landline_is_read_with_area_code_and_extension),
        cmocka_unit_test(company_and_service_numbers_are_known_as_such),
        cmocka_unit_test(what_is_no_telephone_number_is_refused_with_the_reason),
        cmocka_unit_test(phones_are_masked_in_the_middle),
        cmocka_unit_test(a_credit_code_has_18_characters_and_a_check),
        cmocka_unit_test(every_single_mistyped_character_of_a_credit_code_is_found),
        cmocka_unit_test(addresses_that_mail_servers_take_are_accepted),
        cmocka_unit_test(a_name_keeps_rare_characters_and_its_dot),
        cmocka_unit_test(a_name_with_control_characters_is_refused),
        cmocka_unit_test(spellings_of_one_company_share_a_key),
        cmocka_unit_test(a_branch_or_another_city_is_another_company),
        cmocka_unit_test(a_company_key_that_does_not_fit_is_told),
        cmocka_unit_test(only_well_formed_utf8_is_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
