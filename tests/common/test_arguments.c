/*
 * arguments: the command line of both programs, run in a child as it exits.
 */
#include "suite.h"

#include <stonechat/arguments.h>
#include <unistd.h>

#include "child.h"

static struct child child;
static char file[64];

static int make_file(void **state) {
    (void)state;
    snprintf(file, sizeof file, "/tmp/stonechat-arguments-XXXXXX");
    int descriptor = mkstemp(file);
    static const char text[] = "[push]\nworkers = 3\nconnections = 100\n";
    ssize_t written = descriptor < 0 ? -1 : write(descriptor, text, sizeof text - 1);
    close(descriptor);
    return written == (ssize_t)sizeof text - 1 ? 0 : -1;
}

static int remove_file(void **state) {
    (void)state;
    return unlink(file);
}

/* What a program asks for beyond what all do. */
static bool not_ninety(const struct sc_settings *settings, char *fault_out, size_t fault_size) {
    snprintf(fault_out, fault_size, "push.connections: ninety are too many");
    return settings->push_connections != 90;
}

static void print_commands(FILE *out) {
    fputs("  fly HIGH\n", out);
}

/* Prints what became of the arguments, as what follows them would see it. */
static void parse(void *context) {
    char **argv = context;
    int argc = 0;
    while (argv[argc] != NULL) {
        argc++;
    }
    struct sc_settings settings;
    int next = sc_settings_from_arguments(&settings, argc, argv, "stonechat-test", not_ninety,
                                          print_commands);
    printf("workers=%d connections=%d socket=%s next=%s\n", (int)settings.push_workers,
           (int)settings.push_connections, settings.push_socket,
           argv[next] == NULL ? "none" : argv[next]);
    sc_settings_deinit(&settings);
}

#define RUN(...) child_run(&child, parse, (char *[]){"stonechat-test", __VA_ARGS__, NULL})

static void assert_refused(const char *line) {
    assert_int_equal(child.exit_code, 2);
    assert_string_equal(child.err, line);
    assert_string_equal(child.out, "");
}

static void settings_come_from_the_file(void **state) {
    (void)state;
    RUN("-c", file);
    assert_int_equal(child.exit_code, 0);
    assert_string_equal(child.out, "workers=3 connections=100 socket=/tmp/push.sock next=none\n");
}

static void the_command_line_goes_over_the_file_wherever_it_stands(void **state) {
    (void)state;
    RUN("--set", "push.workers=5", "-c", file, "--set=push.connections=7", "--set",
        "push.connections=8");
    assert_string_equal(child.out, "workers=5 connections=8 socket=/tmp/push.sock next=none\n");
}

static void workers_is_a_setting_by_another_name(void **state) {
    (void)state;
    RUN("-c", file, "--workers", "4");
    assert_string_equal(child.out, "workers=4 connections=100 socket=/tmp/push.sock next=none\n");
    RUN("-c", file, "--workers", "none");
    assert_refused("stonechat-test: --set push.workers: `none` is not a whole number\n");
}

static void a_path_set_by_hand_is_taken_from_the_files_folder_too(void **state) {
    (void)state;
    RUN("-c", file, "--set", "push.socket=sub/p.sock");
    assert_non_null(strstr(child.out, " socket=/tmp/sub/p.sock "));
}

static void what_follows_the_options_is_left_alone(void **state) {
    (void)state;
    RUN("-c", file, "user", "add", "--admin", "-t");
    assert_string_equal(child.out, "workers=3 connections=100 socket=/tmp/push.sock next=user\n");
}

static void test_checks_and_exits(void **state) {
    (void)state;
    RUN("-t", "-c", file);
    assert_int_equal(child.exit_code, 0);
    assert_null(strstr(child.out, "workers="));
    assert_non_null(strstr(child.out, "the settings are good\n"));
}

static void a_wrong_setting_is_one_line_and_exit_2(void **state) {
    (void)state;
    RUN("-t", "-c", file, "--set", "push.workers=0");
    assert_refused("stonechat-test: --set push.workers: 0 is not from 1 to 256\n");
    RUN("-c", file, "--set", "limits.name_chars=2", "--set", "limits.name_chars_min=3");
    assert_refused("stonechat-test: limits.name_chars_min: is more than limits.name_chars\n");
    RUN("-c", file, "--set", "limits.name_chars=3", "--set", "limits.name_chars_min=3");
    assert_int_equal(child.exit_code, 0);
    RUN("-c", "/nonexistent/stonechat.conf");
    assert_refused("stonechat-test: /nonexistent/stonechat.conf: No such file or directory\n");
}

static void what_the_program_itself_asks_for_is_checked_too(void **state) {
    (void)state;
    static const char line[] = "stonechat-test: push.connections: ninety are too many\n";
    RUN("-c", file, "--set", "push.connections=90");
    assert_refused(line);
    RUN("-c", file, "-t", "--set", "push.connections=90");
    assert_refused(line);
}

static void a_file_is_needed(void **state) {
    (void)state;
    RUN("--workers", "2");
    assert_refused("stonechat-test: say which settings to use: -c FILE (-h tells more)\n");
}

static void an_option_that_there_is_none_of_is_refused(void **state) {
    (void)state;
    RUN("-c", file, "--daemonize");
    assert_refused("stonechat-test: unrecognized option '--daemonize'\n");
    RUN("-c");
    assert_refused("stonechat-test: option requires an argument -- 'c'\n");
}

static void version_and_help_need_no_file(void **state) {
    (void)state;
    RUN("-V");
    assert_int_equal(child.exit_code, 0);
    assert_string_equal(child.out, "stonechat-test " STONECHAT_VERSION "\n");
    RUN("-h");
    assert_int_equal(child.exit_code, 0);
    static const char *const told[] = {
        "-c, --config FILE", "--set ",         "--workers N", "-t, ", "-V, ",
        "--markdown ",       "\n  fly HIGH\n", "\n[push]\n"};
    for (size_t i = 0; i < ROWS(told); i++) {
        assert_case(strstr(child.out, told[i]) != NULL, told[i]);
    }
    RUN("--markdown");
    assert_int_equal(child.exit_code, 0);
    assert_int_equal(strncmp(child.out, "| setting |", 11), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_come_from_the_file),
        cmocka_unit_test(the_command_line_goes_over_the_file_wherever_it_stands),
        cmocka_unit_test(workers_is_a_setting_by_another_name),
        cmocka_unit_test(a_path_set_by_hand_is_taken_from_the_files_folder_too),
        cmocka_unit_test(what_follows_the_options_is_left_alone),
        cmocka_unit_test(test_checks_and_exits),
        cmocka_unit_test(a_wrong_setting_is_one_line_and_exit_2),
        cmocka_unit_test(what_the_program_itself_asks_for_is_checked_too),
        cmocka_unit_test(a_file_is_needed),
        cmocka_unit_test(an_option_that_there_is_none_of_is_refused),
        cmocka_unit_test(version_and_help_need_no_file),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
