/*
 * Rows of customers for a fill of the database, as COPY's text: names with the keys under which the
 * service would have indexed them, by its own functions. Nothing here is random.
 *
 *   names --first N --customers N
 *
 * Columns: id, number, nature, name, name_key, pinyin, initials, phones, grams.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pinyin.h"
#include "services/customers/domain/search.h"

#define NAME_BYTES 100

static const char *const places[] = {
    "昆明", "大理", "丽江", "成都", "重庆", "贵阳", "南宁", "广州", "深圳", "厦门",
    "福州", "杭州", "宁波", "上海", "苏州", "南京", "合肥", "武汉", "长沙", "南昌",
    "郑州", "西安", "兰州", "太原", "北京", "天津", "济南", "青岛", "沈阳", "大连",
};
static const char *const trades[] = {
    "商贸", "茶叶", "食品", "科技", "贸易", "农业", "物流", "电子", "建材", "服装",
    "医药", "旅游", "酒店", "传媒", "环保", "机械", "化工", "纺织", "家具", "餐饮",
};
static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴",
                                       "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林", "单"};
/* What brands and given names are made of. */
static const char characters[] =
    "翠湖春城云山海天金银玉石华茂兴隆泰安康宁德昌盛荣富贵吉祥瑞和顺达通利益丰源泉江河洋"
    "明亮光辉耀星月日晨曦朝阳东南西北中正大方圆满福禄寿喜龙凤虎鹤松柏梅兰竹菊莲荷桂枫"
    "柳杨桃李杏枣禾谷麦粟茗香清雅静美丽佳慧智仁义礼信忠孝廉洁勇毅坚强刚健伟雄杰英俊才"
    "学文武博远志诚恒永久长青红黄蓝紫白墨彩霞雪冰霜露雨风雷电火焰炎晶鑫森林峰岭岩岳川"
    "溪流波涛浪潮港湾岛滨岸桥路街坊苑园庭阁楼台亭轩堂馆";

static void fail(const char *what)
{
    fprintf(stderr, "names: %s\n", what);
    exit(1);
}

static uint64_t mix(uint64_t n)
{
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
    n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
    return n ^ (n >> 31);
}

/* Every character above has three bytes. */
static void add_character(char *name, uint64_t which)
{
    strncat(name, characters + which % ((sizeof(characters) - 1) / 3) * 3, 3);
}

/* One in five is a person. */
static bool make_name(uint64_t n, char name[NAME_BYTES])
{
    uint64_t dice = mix(n + 1);
    bool is_person = dice % 5 == 0;

    dice /= 5;
    name[0] = '\0';
    strcat(name, is_person ? surnames[dice % COUNT_OF(surnames)] : places[dice % COUNT_OF(places)]);
    add_character(name, dice >> 8);
    add_character(name, dice >> 20);
    if (is_person)
        return true;
    if (dice >> 32 & 1)
        add_character(name, dice >> 33);
    strcat(name, trades[(dice >> 45) % COUNT_OF(trades)]);
    strcat(name, "有限公司");
    return false;
}

/* As store/search.c joins them. */
static void print_ways(const struct pinyin_keys *read, bool initials, struct search_grams *grams)
{
    for (size_t i = 0; i < read->count; i++) {
        const char *way = initials ? read->ways[i].initials : read->ways[i].full;
        bool is_known = false;

        for (size_t k = 0; initials && k < i; k++)
            is_known = is_known || strcmp(way, read->ways[k].initials) == 0;
        if (is_known)
            continue;
        search_add_grams(grams, (struct text){way, strlen(way)});
        printf(" %s", way);
    }
    putchar('\t');
}

static void print_customer(struct pinyin *pinyin, uint64_t n)
{
    static struct search_grams grams;
    static struct pinyin_keys read;
    char name[NAME_BYTES], key[NAME_BYTES], four[5];
    bool is_person = make_name(n, name);
    struct text text = {name, strlen(name)};
    size_t bytes = search_make_key(text, key, sizeof(key));

    search_open_grams(&grams);
    pinyin_make_keys(pinyin, text, is_person, &read);
    search_add_grams(&grams, (struct text){key, bytes});
    printf("01900000-0000-7000-8000-%012llu\t%llu\t%s\t%s\t%s\t", (unsigned long long)n,
           (unsigned long long)n, is_person ? "person" : "organisation", name, key);
    print_ways(&read, false, &grams);
    print_ways(&read, true, &grams);
    snprintf(four, sizeof(four), "%04u", (unsigned)(mix(n) % 10000));
    search_add_phone(&grams, four);
    printf(" #%s\t{", four);
    for (size_t i = 0; i < grams.count; i++)
        printf("%s\"%s\"", i ? "," : "", grams.list[i].text);
    puts("}");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"first", 1, NULL, 'f'}, {"customers", 1, NULL, 'n'}, {NULL, 0, NULL, 0}};
    uint64_t first = 1, count = 0;
    struct pinyin *pinyin;
    char why[200];

    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'f')
            first = strtoull(optarg, NULL, 10);
        else if (o == 'n')
            count = strtoull(optarg, NULL, 10);
        else
            fail("see the head of tests/bench/names.c for its options");
    }
    if (pinyin_new(&pinyin, why, sizeof(why)) != OK)
        fail(why);
    for (uint64_t n = first; n < first + count; n++)
        print_customer(pinyin, n);
    pinyin_free(pinyin);
    return 0;
}
