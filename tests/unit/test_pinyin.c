/*
 * Search keys of Chinese names: what people type finds them.
 */
#include "common/pinyin.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include "common/pinyin_words.h"
#include "common/pure/utf8.h"

static struct pinyin *pinyin;
static struct pinyin_keys keys;

static int open_pinyin(void **state)
{
    char why[200];

    (void)state;
    return pinyin_new(&pinyin, why, sizeof(why)) == OK ? 0 : -1;
}

static int close_pinyin(void **state)
{
    (void)state;
    pinyin_free(pinyin);
    return 0;
}

static void make(const char *name, bool is_person)
{
    pinyin_make_keys(pinyin, (struct text){name, strlen(name)}, is_person, &keys);
    assert_in_range(keys.count, 1, PINYIN_WAYS);
}

static bool has_way(const char *full, const char *initials)
{
    for (size_t i = 0; i < keys.count; i++)
        if (strcmp(keys.ways[i].full, full) == 0 && strcmp(keys.ways[i].initials, initials) == 0)
            return true;
    return false;
}

static void assert_only(const char *name, bool is_person, const char *full, const char *initials)
{
    make(name, is_person);
    if (keys.count != 1 || !has_way(full, initials))
        fail_msg("%s: %zu ways, %s %s", name, keys.count, keys.ways[0].full, keys.ways[0].initials);
}

static void assert_ways(const char *name, bool is_person, const char *first, const char *second)
{
    make(name, is_person);
    if (keys.count < 2 || strcmp(keys.ways[0].full, first) || strcmp(keys.ways[1].full, second))
        fail_msg("%s: %zu ways, %s %s", name, keys.count, keys.ways[0].full,
                 keys.count > 1 ? keys.ways[1].full : "-");
}

static void a_company_is_found_by_pinyin_and_by_initials(void **state)
{
    (void)state;
    assert_only("昆明翠湖商贸有限公司", false, "kunmingcuihushangmaoyouxiangongsi", "kmchsmyxgs");
    assert_non_null(strstr(keys.ways[0].full, "cuihu"));
    assert_non_null(strstr(keys.ways[0].initials, "chsm"));
}

static void a_surname_is_read_as_a_surname(void **state)
{
    static const char *const names[][2] = {
        {"单雄信", "shanxiongxin"},
        {"仇英", "qiuying"},
        {"解晓东", "xiexiaodong"},
        {"查良镛", "zhaliangyong"},
        {"曾国藩", "zengguofan"},
        {"任正非", "renzhengfei"},
        {"朴树", "piaoshu"},
        {"区志强", "ouzhiqiang"},
        {"尉迟恭", "yuchigong"},
        {"万俟卨", "moqixie"},
        {"澹台灭明", "tantaimieming"},
        {"华佗", "huatuo"},
        {"万科", "wanke"},
        {"单于", "chanyu"},
        {"令狐冲", "linghuchong"},
        {"欧阳修", "ouyangxiu"},
        {"长孙无忌", "zhangsunwuji"},
        {"薄熙", "boxi"},
        {"卜伟", "buwei"},
        {"种师道", "chongshidao"},
        {"石磊", "shilei"},
        {"王伟", "wangwei"},
        {"李娜", "lina"},
        {"沈从文", "shencongwen"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_only(names[i][0], true, names[i][1], keys.ways[0].initials);
    assert_ways("覃辉", true, "qinhui", "tanhui");
    assert_ways("盖叫天", true, "gejiaotian", "gaijiaotian");
    assert_ways("乐毅", true, "yueyi", "leyi");
}

static void the_same_character_in_a_company_is_no_surname(void **state)
{
    (void)state;
    assert_ways("大单位", false, "dadanwei", "dashanwei");
    assert_only("北京区域", false, "beijingquyu", "bjqy");
    assert_only("东方种业", false, "dongfangzhongye", "dfzy");
}

static void words_decide_between_readings(void **state)
{
    static const char *const names[][3] = {
        {"重庆银行", "chongqingyinhang", "cqyh"},   {"长沙商行", "changshashanghang", "cssh"},
        {"厦门大厦", "xiamendasha", "xmds"},        {"成都音乐", "chengduyinyue", "cdyy"},
        {"西藏藏药", "xizangzangyao", "xzzy"},      {"东莞重工", "dongguanzhonggong", "dgzg"},
        {"工商行政", "gongshangxingzheng", "gsxz"}, {"佛山什锦", "foshanshijin", "fssj"},
    };

    (void)state;
    for (size_t i = 0; i + 1 < COUNT_OF(names); i++)
        assert_only(names[i][0], false, names[i][1], names[i][2]);
    assert_ways("佛山什锦", false, "foshanshijin", "fushanshijin");
}

static void a_character_with_two_readings_gives_both(void **state)
{
    (void)state;
    assert_ways("利行", false, "lihang", "lixing");
    assert_true(has_way("lixing", "lx"));
    assert_ways("长利", false, "changli", "zhangli");
    assert_ways("绿地", false, "lvdi", "ludi");
    assert_ways("吕布", true, "lvbu", "lubu");
    make("长行", false);
    assert_int_equal(keys.count, 4);
    assert_true(has_way("changhang", "ch"));
    assert_true(has_way("zhanghang", "zh"));
    assert_true(has_way("changxing", "cx"));
    assert_true(has_way("zhangxing", "zx"));
    make("长行乐重都", false);
    assert_int_equal(keys.count, 4);
}

static void latin_letters_and_digits_stay(void **state)
{
    (void)state;
    assert_only("ABC科技（昆明）3号", false, "abckejikunming3hao", "abckjkm3h");
    assert_only("Ｈａｉｅｒ海尔", false, "haierhaier", "haierhe");
    assert_only("Café Müller", false, "cafemuller", "cafemuller");
    assert_only("卡米力·肉孜", true, "kamilirouzi", "kmlrz");
    assert_only("", false, "", "");
    assert_only("·、。", false, "", "");
}

static void rare_characters_are_read_or_left_out(void **state)
{
    (void)state;
    assert_only("王㛃", true, "wangjie", "wj");
    assert_only("田𠮷", true, "tian", "t");
    assert_only("王\xff李", true, "wang", "w");
}

static void a_long_name_is_cut_and_every_name_has_the_same_keys_again(void **state)
{
    static char text[3 * 300 + 1];
    static struct pinyin_keys again;

    (void)state;
    for (size_t i = 0; i < 300; i++)
        memcpy(text + 3 * i, "庄", 3);
    assert_int_equal(sizeof("庄"), 4);
    make(text, false);
    assert_int_equal(strlen(keys.ways[0].full), PINYIN_CHARACTERS * 6);
    assert_int_equal(strlen(keys.ways[0].initials), PINYIN_CHARACTERS);
    pinyin_make_keys(pinyin, (struct text){text, strlen(text)}, false, &again);
    assert_string_equal(keys.ways[0].full, again.ways[0].full);
}

/* Every entry has a syllable per character, each of letters, and a first character we look for. */
static void the_table_of_words_is_sound(void **state)
{
    const struct pinyin_word *word;

    (void)state;
    for (size_t i = 0; (word = pinyin_words_at(i)) != NULL; i++) {
        size_t characters = 0;
        size_t syllables = 1;

        for (size_t at = 0; at < strlen(word->word); characters++) {
            int32_t character = utf8_next((struct text){word->word, strlen(word->word)}, &at);

            assert_in_range(character, 0x3400, 0x9fff);
        }
        for (const char *at = word->readings; *at; at++)
            syllables += *at == ' ';
        assert_int_equal(strspn(word->readings, "abcdefghijklmnopqrstuvwxyz /"),
                         strlen(word->readings));
        if (characters != syllables)
            fail_msg("%s: %s", word->word, word->readings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_company_is_found_by_pinyin_and_by_initials),
        cmocka_unit_test(a_surname_is_read_as_a_surname),
        cmocka_unit_test(the_same_character_in_a_company_is_no_surname),
        cmocka_unit_test(words_decide_between_readings),
        cmocka_unit_test(a_character_with_two_readings_gives_both),
        cmocka_unit_test(latin_letters_and_digits_stay),
        cmocka_unit_test(rare_characters_are_read_or_left_out),
        cmocka_unit_test(a_long_name_is_cut_and_every_name_has_the_same_keys_again),
        cmocka_unit_test(the_table_of_words_is_sound),
    };

    return cmocka_run_group_tests(tests, open_pinyin, close_pinyin);
}
