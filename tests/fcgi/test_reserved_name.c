/* reserved_name: which names are not to be had. */
#include "suite.h"

#include "reserved_name.h"

static void names_that_speak_for_the_site_are_reserved(void **state) {
    (void)state;
    static const char *const kept[] = {"admin",     "administrator", "all",       "everyone",
                                       "here",      "root",          "support",   "system",
                                       "stonechat", "channel",       "moderator", "webmaster"};
    static const char *const free_ones[] = {"alice", "adminx", "a", "", "roo", "zz", "小明"};
    for (size_t i = 0; i < ROWS(kept); i++) {
        assert_case(name_is_reserved(kept[i]), kept[i]);
    }
    for (size_t i = 0; i < ROWS(free_ones); i++) {
        assert_case(!name_is_reserved(free_ones[i]), free_ones[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_speak_for_the_site_are_reserved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
