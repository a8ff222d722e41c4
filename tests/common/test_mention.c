/* mention: which names may stand behind an @, the longest first. */
#include "suite.h"

#include <stonechat/mention.h>

/* The names of all places, those of one separated by spaces, places by `|`. */
static char *scanned(const char *text) {
    struct sc_mention_scan scan;
    sc_mention_scan_init(&scan, text, strlen(text), 2, 8);
    static char out[65536];
    out[0] = '\0';
    for (size_t i = 0; i < scan.count; i++) {
        bool is_new = i > 0 && scan.places[i] != scan.places[i - 1];
        strcat(out, i == 0 ? "" : is_new ? "|" : " ");
        strcat(out, scan.names[i]);
    }
    sc_mention_scan_deinit(&scan);
    return out;
}

static void a_name_ends_where_its_word_does_or_anywhere_in_chinese(void **state) {
    (void)state;
    static const struct {
        const char *text, *names;
    } rows[] = {
        {"", ""},
        {"nobody", ""},
        {"@", ""},
        {"@a", ""},
        {"@alice", "alice"},
        {"@Alice!", "alice"},
        {"hi @alice, @bob", "alice|bob"},
        {"(@alice)", "alice"},
        {"@alice.", "alice"},
        {"@alice...", "alice"},
        {"@li.wei.", "li.wei li"},
        {"@li-wei_2", "li-wei_2 li-wei li"},
        {"@alice你好", "alice你好 alice你 alice"},
        {"@alice你", "alice你 alice"},
        {"你好@张三吗", "张三吗 张三"},
        {"@张三@李四", "张三|李四"},
        {"＠张三", "张三"},
        {"@ＡＢＣ", "abc"},
        {"@@alice", "alice"},
        {"@alicebobcarol", ""},
        {"@一二三四五六七八九十",
         "一二三四五六七八 一二三四五六七 一二三四五六 一二三四五 一二三四 一二三 一二"},
        {"@철수야", "철수야 철수"},
        {"@e\u0301ve", "\u00E9ve"},
        {"@bob\n@eve", "bob|eve"},
        /* addresses */
        {"a@bob.c", ""},
        {"me.@bob", ""},
        {"1@bob", ""},
        {"x+@bob", ""},
        {"https://example.org/@bob", ""},
        {"alice@@bob", "bob"},
        {"_@bob", ""},
        {"é@bob", ""},
        {"我@bob", "bob"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *names = scanned(rows[i].text);
        if (strcmp(names, rows[i].names) != 0) {
            fail_msg("%s: %s", rows[i].text, names);
        }
    }
}

static void a_text_full_of_them_is_bounded(void **state) {
    (void)state;
    char text[8001];
    for (size_t i = 0; i + 8 <= sizeof text; i += 8) {
        memcpy(text + i, "@一二@", 8);
    }
    text[8000] = '\0';
    struct sc_mention_scan scan;
    sc_mention_scan_init(&scan, text, 8000, 2, 32);
    assert_int_equal(scan.count, SC_MENTION_NAMES_MAX);
    sc_mention_scan_deinit(&scan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_ends_where_its_word_does_or_anywhere_in_chinese),
        cmocka_unit_test(a_text_full_of_them_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
