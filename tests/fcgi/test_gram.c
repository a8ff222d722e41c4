/*
 * gram: under which runs of characters a text is found.
 */
#include "suite.h"

#include "gram.h"

struct list {
    char text[512];
};

static void add(struct list *list, struct gram gram) {
    size_t used = strlen(list->text);
    snprintf(list->text + used, sizeof list->text - used, "%s%.*s", used ? "|" : "",
             (int)gram.bytes, gram.text);
}

static void add_code(void *context, gram_code code) {
    add(context, gram_of_code(code));
}

static const struct row {
    const char *text;
    const char *each;   /* under which it is found */
    const char *sought; /* by which it is sought */
} rows[] = {
    {"", "", ""},
    {"a", "", ""},
    {"ab", "ab", "ab"},
    {"ABC", "ab|abc|bc", "abc"},
    {"rose", "ro|ros|os|ose|se", "ros|ose"},
    {"a b", "a |a b| b", "a b"},
    {"a  \n b", "a |a b| b", "a b"},
    {"世", "世", "世"},
    {"世界", "世|世界|界", "世界"},
    {"你好世界", "你|你好|好|好世|世|世界|界", "你好|好世|世界"},
    {"用Go写", "用|go|写", "用|go|写"},
    {"用C写", "用|写", "用|写"},
    {"カナ", "カ|カナ|ナ", "カナ"},
    {"한국", "한|한국|국", "한국"},
    {"😂", "😂", "😂"},
    {"ok 😂", "ok|ok |k |😂", "ok |😂"},
    {"ЖЁ", "жё", "жё"},
};

static void texts_are_cut_into_grams(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct folded folded;
        struct list each = {""}, sought = {""};
        struct gram grams[16];
        folded_init(&folded, rows[i].text, strlen(rows[i].text));
        gram_each(&folded, add_code, &each);
        size_t count = gram_sought(&folded, grams, ROWS(grams));
        for (size_t k = 0; k < count; k++) {
            add(&sought, grams[k]);
        }
        assert_string_equal(each.text, rows[i].each);
        assert_string_equal(sought.text, rows[i].sought);
        folded_deinit(&folded);
    }
}

static void of_a_long_needle_some_grams_from_all_over_are_sought(void **state) {
    (void)state;
    static const char text[] = "abcdefghijklmnopqrstuvwxyz"; /* 24 grams of three */
    struct folded folded;
    struct gram grams[4];
    folded_init(&folded, text, strlen(text));
    assert_int_equal(gram_sought(&folded, grams, 4), 4);
    assert_memory_equal(grams[0].text, "abc", 3);
    assert_memory_equal(grams[1].text, "ghi", 3);
    assert_memory_equal(grams[3].text, "stu", 3);
    folded_deinit(&folded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_cut_into_grams),
        cmocka_unit_test(of_a_long_needle_some_grams_from_all_over_are_sought),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
