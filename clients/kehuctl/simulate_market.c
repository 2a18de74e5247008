/*
 * Names are put together from parts; none is meant to be a real company or person.
 */
#include "clients/kehuctl/simulate_market.h"

#include "common/pure/day.h"

#include <stdio.h>

/* Weights: gross regional product of 2023 in 100 billion yuan, rounded up. */
static const struct simulate_region regions[] = {
    {"北京", "北京", 44, false},       {"天津", "天津", 17, false},
    {"河北", "石家庄", 44, false},     {"山西", "太原", 26, false},
    {"内蒙古", "呼和浩特", 25, false}, {"辽宁", "沈阳", 30, false},
    {"吉林", "长春", 14, false},       {"黑龙江", "哈尔滨", 16, false},
    {"上海", "上海", 47, false},       {"江苏", "苏州", 128, false},
    {"浙江", "杭州", 83, false},       {"安徽", "合肥", 47, false},
    {"福建", "厦门", 54, false},       {"江西", "南昌", 32, false},
    {"山东", "青岛", 92, false},       {"河南", "郑州", 59, false},
    {"湖北", "武汉", 56, false},       {"湖南", "长沙", 50, false},
    {"广东", "佛山", 136, false},      {"广西", "南宁", 27, false},
    {"海南", "海口", 8, false},        {"重庆", "重庆", 30, false},
    {"四川", "成都", 60, false},       {"贵州", "贵阳", 21, false},
    {"云南", "昆明", 30, false},       {"西藏", "拉萨", 3, false},
    {"陕西", "西安", 34, false},       {"甘肃", "兰州", 12, false},
    {"青海", "西宁", 4, false},        {"宁夏", "银川", 5, false},
    {"新疆", "乌鲁木齐", 19, false},   {"Singapore", "", 20, true},
    {"United Kingdom", "", 18, true},  {"Germany", "", 14, true},
    {"Australia", "", 10, true},
};

static const char *const brands[] = {
    "恒远", "瑞丰", "华誉", "鼎盛", "博雅", "金桥", "中和", "宏图", "启明", "安泰", "东晟",
    "锦程", "海纳", "德润", "新元", "嘉禾", "永信", "天成", "众诚", "弘毅", "盛世", "立信",
    "远航", "同济", "九鼎", "长青", "万通", "汇通", "凌云", "正大", "博远", "康达"};
static const char *const trades[] = {"机械",     "电子", "商贸", "食品", "建材",     "化工",
                                     "医疗器械", "物流", "纺织", "科技", "餐饮管理", "五金",
                                     "包装",     "农业", "仪器", "环保"};
static const char *const forms[] = {"有限公司", "有限公司", "有限公司", "股份有限公司",
                                    "有限责任公司"};
static const char *const surnames[] = {"王", "李", "张", "刘", "陈",   "杨",   "赵",   "黄",
                                       "周", "吴", "徐", "孙", "胡",   "朱",   "高",   "林",
                                       "何", "郭", "马", "罗", "欧阳", "上官", "司马", "诸葛"};
static const char *const given[] = {"伟",   "芳",   "娜",   "秀英", "敏",   "静",   "强",   "磊",
                                    "洋",   "艳",   "勇",   "军",   "杰",   "娟",   "涛",   "明",
                                    "超",   "霞",   "建国", "志远", "雨桐", "子涵", "欣怡", "浩然",
                                    "文博", "丽华", "海燕", "晓东", "国栋", "思远"};
static const char *const english_families[] = {
    "Harrison", "Wells",  "Clarke", "Whitfield", "Becker",    "Lindner",  "Murray", "Tan",
    "Holloway", "Fraser", "Keller", "Osborne",   "Pemberton", "Sinclair", "Lim",    "Ashworth"};
static const char *const english_given[] = {"Emma",   "James",  "Sophie", "Oliver",
                                            "Hannah", "Thomas", "Grace",  "Lukas",
                                            "Chloe",  "Daniel", "Megan",  "Ryan"};
static const char *const english_trades[] = {"Trading",  "Foods",     "Hardware", "Instruments",
                                             "Supplies", "Packaging", "Textiles", "Imports"};
static const char *const english_forms[] = {"Ltd", "Ltd", "GmbH", "Pte Ltd", "& Sons"};

/* The first sell best. */
static const struct simulate_product products[] = {
    {"LB-1001", "六角螺栓 M8×40", 65, 400, false},
    {"LB-1002", "六角螺母 M8", 28, 500, false},
    {"SL-2010", "橡胶密封圈 φ50", 320, 120, false},
    {"ZC-3001", "深沟球轴承 6204", 1250, 60, false},
    {"ZC-3002", "深沟球轴承 6308", 4680, 20, false},
    {"RH-4001", "锂基润滑脂", 2890, 25, true},
    {"RH-4002", "46号抗磨液压油", 1680, 60, true},
    {"BZ-5001", "瓦楞纸箱 五层", 780, 200, false},
    {"BZ-5002", "缠绕膜 50cm", 2650, 40, false},
    {"DQ-6001", "断路器 DZ47-63", 3500, 24, false},
    {"DQ-6002", "交流接触器 CJX2", 8600, 10, false},
    {"DQ-6003", "电缆 YJV 3×2.5", 1150, 100, true},
    {"LD-7001", "LED工矿灯 150W", 26800, 6, false},
    {"FJ-8001", "安全帽 ABS", 2400, 40, false},
    {"FJ-8002", "丁腈防护手套", 590, 150, false},
    {"FJ-8003", "防护眼镜", 1450, 40, false},
    {"GJ-9001", "冲击钻 13mm", 39900, 4, false},
    {"GJ-9002", "角磨机 100mm", 27500, 5, false},
    {"GJ-9003", "套筒扳手组套", 16800, 6, false},
    {"FM-1101", "不锈钢球阀 DN25", 7850, 12, false},
    {"FM-1102", "蝶阀 DN100", 21500, 4, false},
    {"BJ-1201", "变频器 2.2kW", 118000, 2, false},
    {"BJ-1202", "伺服电机 750W", 156000, 2, false},
    {"YB-1301", "压力表 1.6MPa", 4200, 15, false},
    {"YB-1302", "温度变送器", 31500, 4, false},
    {"KY-1401", "螺杆空压机 7.5kW", 1280000, 1, false},
    {"HJ-1501", "不锈钢焊条 A102", 4850, 20, true},
    {"HJ-1502", "逆变焊机 ZX7-315", 168000, 1, false},
    {"GC-1601", "镀锌钢管 DN50", 780, 80, true},
    {"GC-1602", "角钢 50×5", 465, 150, true},
};

/* Per month, of 100. */
static const unsigned char months[12] = {70, 45, 80, 78, 82, 95, 72, 76, 92, 74, 100, 88};

static const char *pick(struct simulate_random *random, const char *const *list, size_t count)
{
    return list[simulate_random_below(random, count)];
}

#define PICK(random, list) pick(random, list, COUNT_OF(list))

const struct simulate_region *simulate_market_region(struct simulate_random *random)
{
    unsigned total = 0;
    uint64_t at;

    for (size_t i = 0; i < COUNT_OF(regions); i++)
        total += regions[i].weight;
    at = simulate_random_below(random, total);
    for (size_t i = 0; i < COUNT_OF(regions); i++) {
        if (at < regions[i].weight)
            return &regions[i];
        at -= regions[i].weight;
    }
    return &regions[0];
}

/* One choice per statement: the order in which C evaluates arguments is not fixed. */
static void english_name(struct simulate_random *random, char name[SIMULATE_NAME_BYTES])
{
    const char *family = PICK(random, english_families);
    const char *first, *second;

    if (simulate_random_chance(random, 200)) {
        first = PICK(random, english_given);
        snprintf(name, SIMULATE_NAME_BYTES, "%s %s", first, family);
        return;
    }
    first = PICK(random, english_trades);
    second = PICK(random, english_forms);
    snprintf(name, SIMULATE_NAME_BYTES, "%s %s %s", family, first, second);
}

static void chinese_name(struct simulate_random *random, const char *place,
                         char name[SIMULATE_NAME_BYTES])
{
    const char *first, *second, *third;

    if (simulate_random_chance(random, 200)) {
        first = PICK(random, surnames);
        second = PICK(random, given);
        snprintf(name, SIMULATE_NAME_BYTES, "%s%s", first, second);
        return;
    }
    first = PICK(random, brands);
    second = PICK(random, trades);
    third = PICK(random, forms);
    snprintf(name, SIMULATE_NAME_BYTES, "%s%s%s%s", place, first, second, third);
}

void simulate_market_name(struct simulate_random *random, const struct simulate_region *region,
                          char name[SIMULATE_NAME_BYTES])
{
    if (region->is_english)
        english_name(random, name);
    else
        chinese_name(random, region->place, name);
}

const struct simulate_product *simulate_market_product(struct simulate_random *random)
{
    uint64_t one = simulate_random_below(random, COUNT_OF(products));
    uint64_t other = simulate_random_below(random, COUNT_OF(products));

    return &products[one < other ? one : other];
}

unsigned simulate_market_season(int32_t day)
{
    struct day_date date = day_split(day);
    unsigned level = months[date.month - 1];

    return day_weekday(day) >= 6 ? level / 3 : level;
}
