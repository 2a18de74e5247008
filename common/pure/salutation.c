#include "common/pure/salutation.h"

#include <string.h>

#include "common/pure/utf8.h"

/* 复姓 in use today. Not 东方 alone among directions: 东郭, 南宫, 西门 too. */
static const char *const compound_surnames[] = {
    "欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "夏侯", "东方", "赫连", "澹台", "公冶", "宗政",
    "濮阳", "淳于", "单于", "太叔", "申屠", "公孙", "仲孙", "轩辕", "令狐", "钟离", "宇文", "长孙",
    "慕容", "鲜于", "闾丘", "司徒", "司空", "司寇", "亓官", "南宫", "西门", "东郭", "百里", "呼延",
    "拓跋", "独孤", "端木", "完颜", "纳兰", "叶赫", "第五", "公羊", "左丘", "梁丘", "谷梁", "万俟",
};

/* How a title sounds behind a surname; the first that the title ends with. */
static const struct {
    const char *ends, *said;
} titles[] = {
    {"董事长", "董"}, {"总工程师", "总工"}, {"总经理", "总"}, {"副总裁", "总"}, {"总裁", "总"},
    {"副总", "总"},   {"经理", "经理"},     {"医师", "医生"}, {"医生", "医生"}, {"主任", "主任"},
    {"教师", "老师"}, {"老师", "老师"},     {"工程师", "工"},
};

static struct text of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

static bool begins_with(struct text text, const char *beginning)
{
    size_t bytes = strlen(beginning);

    return text.bytes >= bytes && memcmp(text.at, beginning, bytes) == 0;
}

static bool ends_with(struct text text, const char *end)
{
    size_t bytes = strlen(end);

    return text.bytes >= bytes && memcmp(text.at + text.bytes - bytes, end, bytes) == 0;
}

/* How many characters, all of them Chinese; 0: some are not. */
static size_t count_han(struct text name)
{
    size_t at = 0, count = 0;

    while (at < name.bytes) {
        int32_t character = utf8_next(name, &at);

        if (character < 0 || !utf8_is_han(character))
            return 0;
        count++;
    }
    return count;
}

struct text salutation_surname(struct text name)
{
    size_t characters = count_han(name), at = 0;

    if (characters < 2)
        return TEXT_OF("");
    for (size_t i = 0; characters > 2 && i < COUNT_OF(compound_surnames); i++)
        if (begins_with(name, compound_surnames[i]))
            return (struct text){name.at, strlen(compound_surnames[i])};
    if (utf8_next(name, &at) < 0)
        return TEXT_OF("");
    return (struct text){name.at, at};
}

/* Without what stands in brackets behind it: 经理(华东). */
static struct text bare_title(struct text title)
{
    static const char *const opens[] = {"(", "（"};
    size_t bytes = title.bytes;

    for (size_t i = 0; i < COUNT_OF(opens); i++)
        for (size_t at = 1; at + strlen(opens[i]) <= bytes; at++)
            if (memcmp(title.at + at, opens[i], strlen(opens[i])) == 0)
                bytes = at;
    while (bytes > 0 && title.at[bytes - 1] == ' ')
        bytes--;
    return (struct text){title.at, bytes};
}

static const char *said_title(struct text title)
{
    struct text bare = bare_title(title);

    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (ends_with(bare, titles[i].ends))
            return titles[i].said;
    return NULL;
}

/* Puts one behind the other; what does not fit is cut at a character. */
static void put(struct text first, struct text second, char out[SALUTATION_BYTES])
{
    struct text parts[] = {first, second};
    struct utf8_writer writer;

    utf8_open(&writer, out, SALUTATION_BYTES);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        size_t at = 0;

        while (at < parts[i].bytes && !writer.overflowed) {
            int32_t character = utf8_next(parts[i], &at);

            if (character < 0)
                return;
            utf8_put(&writer, character);
        }
    }
}

static bool is_word(struct text text, const char *word)
{
    return text.bytes == strlen(word) && memcmp(text.at, word, text.bytes) == 0;
}

void salutation_make_zh(const struct salutation_person *person, char out[SALUTATION_BYTES])
{
    struct text surname = salutation_surname(person->name);
    const char *title = said_title(person->title);

    if (person->stored.bytes > 0)
        put(person->stored, TEXT_OF(""), out);
    else if (surname.bytes > 0 && title)
        put(surname, of(title), out);
    else if (surname.bytes > 0 && is_word(person->gender, "male"))
        put(surname, TEXT_OF("先生"), out);
    else if (surname.bytes > 0 && is_word(person->gender, "female"))
        put(surname, TEXT_OF("女士"), out);
    else
        put(person->name, TEXT_OF(""), out);
}

/* Of a name in Latin letters the last word; of a Chinese one what the caller knows. */
static struct text english_surname(const struct salutation_person *person)
{
    struct text name = person->name;
    size_t begin = name.bytes;

    if (count_han(name) > 0)
        return person->latin_surname;
    for (size_t i = 0; i < name.bytes; i++)
        if ((unsigned char)name.at[i] >= 0x80)
            return TEXT_OF("");
    while (begin > 0 && name.at[begin - 1] != ' ')
        begin--;
    return begin > 0 ? (struct text){name.at + begin, name.bytes - begin} : TEXT_OF("");
}

void salutation_make_en(const struct salutation_person *person, char out[SALUTATION_BYTES])
{
    struct text surname = english_surname(person);

    if (person->stored.bytes > 0)
        put(person->stored, TEXT_OF(""), out);
    else if (surname.bytes > 0 && is_word(person->gender, "male"))
        put(TEXT_OF("Mr. "), surname, out);
    else if (surname.bytes > 0 && is_word(person->gender, "female"))
        put(TEXT_OF("Ms. "), surname, out);
    else
        put(person->name, TEXT_OF(""), out);
}
