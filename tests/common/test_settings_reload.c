/*
 * settings_reload: a file that changes under a program that runs.
 */
#include "suite.h"

#include <stdio.h>
#include <stonechat/arguments.h>
#include <unistd.h>

static struct sc_settings settings;
static char file[64], fault[512];

static void write_file(const char *text) {
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int set_up(void **state) {
    (void)state;
    snprintf(file, sizeof file, "/tmp/stonechat-reload-XXXXXX");
    close(mkstemp(file));
    write_file("[push]\nheartbeat_s = 5\norigins = http://a.example\nworkers = 2\n"
               "[limits]\ntext_chars = 10\n");
    optind = 0;
    char *argv[] = {"test", "-c", file, "--set", "limits.text_chars=20", NULL};
    sc_settings_from_arguments(&settings, 5, argv, "test", NULL, NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sc_settings_deinit(&settings);
    return unlink(file);
}

static void assert_reloaded(const char *taken, const char *kept) {
    struct sc_settings_changes changes;
    assert_case(sc_settings_reload(&settings, &changes, fault, sizeof fault), fault);
    assert_string_equal(changes.taken, taken);
    assert_string_equal(changes.kept, kept);
    sc_settings_changes_deinit(&changes);
}

static void what_is_the_same_changes_nothing(void **state) {
    (void)state;
    assert_reloaded("", "");
}

static void what_has_changed_is_taken_over_in_place(void **state) {
    (void)state;
    write_file("[push]\nheartbeat_s = 6\norigins = http://b.example\nworkers = 2\n");
    assert_reloaded("push.origins push.heartbeat_s", "");
    assert_int_equal(settings.push_heartbeat_s, 6);
    assert_string_equal(settings.push_origins, "http://b.example");
    write_file("[push]\nworkers = 2\n");
    assert_reloaded("push.origins push.heartbeat_s", "");
    assert_int_equal(settings.push_heartbeat_s, 25);
    assert_string_equal(settings.push_origins, "");
}

static void the_command_line_still_goes_over_the_file(void **state) {
    (void)state;
    write_file("[push]\nheartbeat_s = 5\norigins = http://a.example\nworkers = 2\n"
               "[limits]\ntext_chars = 30\n");
    assert_reloaded("", "");
    assert_int_equal(settings.limits_text_chars, 20);
}

static void what_needs_a_restart_is_kept_and_named_each_time(void **state) {
    (void)state;
    char socket[64];
    snprintf(socket, sizeof socket, "%s", settings.push_socket);
    write_file("[push]\nheartbeat_s = 5\norigins = http://a.example\nworkers = 3\nsocket = x\n"
               "connections = 7\n[redis]\nurl = unix:y\ncommand_ms = 100\n[http]\nthreads = 1\n");
    for (int i = 0; i < 2; i++) {
        assert_reloaded(
            "",
            "redis.url redis.command_ms http.threads push.socket push.workers push.connections");
        assert_int_equal(settings.push_workers, 2);
        assert_string_equal(settings.push_socket, socket);
    }
}

static void what_is_wrong_changes_nothing_at_all(void **state) {
    (void)state;
    static const char *const wrong[][2] = {
        {"[push]\nheartbeat_s = 6\nworkers = none\n", "push.workers: `none` is not a whole number"},
        {"[limits]\nname_chars = 5\nname_chars_min = 6\n", "is more than limits.name_chars"},
        {"[accounts]\njwt_alg = HS256\njwt_key = 31 bytes are one too few of it.\n",
         "has less than 32 bytes"},
        {"[accounts]\njwt_alg = HS256\njwt_key = -----BEGIN PUBLIC KEY----- MCowBQYDK2VwAyEA\n",
         "is a key in PEM: HS256 wants a secret"},
        {"[push]\nheartbeat_s = 6\nnonsense\n", "is neither [section] nor key = value"},
    };
    struct sc_settings_changes changes;
    for (size_t i = 0; i < ROWS(wrong); i++) {
        write_file(wrong[i][0]);
        assert_false(sc_settings_reload(&settings, &changes, fault, sizeof fault));
        assert_case(strstr(fault, wrong[i][1]) != NULL, fault);
        assert_int_equal(settings.push_heartbeat_s, 5);
        assert_int_equal(settings.limits_name_chars, 32);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_the_same_changes_nothing),
        TEST(what_has_changed_is_taken_over_in_place),
        TEST(the_command_line_still_goes_over_the_file),
        TEST(what_needs_a_restart_is_kept_and_named_each_time),
        TEST(what_is_wrong_changes_nothing_at_all),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
