/* hook_text: what Grafana, Gitea and others send, as one text. */
#include "suite.h"

#include "hook_text.h"

static const struct {
    const char *text; /* NULL: none */
    const char *attachments;
    const char *whole;
} cases[] = {
    {"Build 42 is fine.", NULL, "Build 42 is fine."},
    {"a\nb \xe4\xbd\xa0", "[]", "a\nb \xe4\xbd\xa0"},
    {NULL, NULL, ""},
    {"", "[]", ""},
    {NULL, "[{\"text\":\"one\"},{\"text\":\"two\"}]", "one\ntwo"},
    {"zero", "[{\"title\":\"T\",\"text\":\"one\",\"fallback\":\"not shown\"}]", "zero\nT\none"},
    {NULL, "[{\"pretext\":\"P\",\"color\":\"#f00\",\"title_link\":\"https://x\"}]", "P"},
    {NULL, "[{\"fallback\":\"instead\"}]", "instead"},
    {NULL, "[{\"text\":\"\",\"fallback\":\"instead\"}]", "instead"},
    {"x", "[1,null,\"y\",[],{\"text\":3,\"title\":{}},{\"fallback\":true}]", "x"},
    /* links */
    {"[<https://git.example/r|r>] pushed", NULL, "[r (https://git.example/r)] pushed"},
    {"see <http://a.example/?b=1&amp;c=2>.", NULL, "see http://a.example/?b=1&c=2."},
    {"<mailto:a@b.example|mail>", NULL, "mail (mailto:a@b.example)"},
    {"<https://a.example|>", NULL, "https://a.example"},
    {"<https://a.example", NULL, "<https://a.example"},
    {"<https://a <https://b.example|b>", NULL, "<https://a b (https://b.example)"},
    {"<javascript:alert(1)|x>", NULL, "<javascript:alert(1)|x>"},
    {"1 < 2 > 0, <b>", NULL, "1 < 2 > 0, <b>"},
    /* entities */
    {"a &amp;&lt;b&gt; &amp;lt; &quot; & &am", NULL, "a &<b> &lt; &quot; & &am"},
    {NULL, "[{\"title\":\"a &amp; b\"}]", "a & b"},
};

static void what_was_given_becomes_one_text(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        json_t *attachments =
            cases[i].attachments ? json_loads(cases[i].attachments, 0, NULL) : NULL;
        char *whole = hook_text(cases[i].text, attachments);
        assert_string_equal(whole, cases[i].whole);
        free(whole);
        json_decref(attachments);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_given_becomes_one_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
