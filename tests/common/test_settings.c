/*
 * settings: the rows, the INI file and --set.
 */
#include "suite.h"

#include <stonechat/settings.h>
#include <unistd.h>

#include "child.h"

#define BAD_URL                                                                                    \
    "is neither unix:PATH nor redis://[USER:PASSWORD@]HOST[:PORT][/DB] nor "                       \
    "sentinel://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...]/MASTER[/DB]"

static struct sc_settings settings;
static char fault[512];
static char folder[64];

static int set_up(void **state) {
    (void)state;
    sc_settings_init(&settings);
    fault[0] = '\0';
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sc_settings_deinit(&settings);
    return 0;
}

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/stonechat-settings-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static int remove_folder(void **state) {
    (void)state;
    unlink("test.conf");
    return rmdir(folder);
}

static bool set(const char *assignment) {
    return sc_settings_set(&settings, assignment, fault, sizeof fault);
}

static bool read_bytes(const char *text, size_t bytes) {
    FILE *file = fopen("test.conf", "w");
    fwrite(text, 1, bytes, file);
    fclose(file);
    return sc_settings_read(&settings, "test.conf", fault, sizeof fault);
}

static bool read_text(const char *text) {
    return read_bytes(text, strlen(text));
}

static void defaults_are_those_of_the_rows(void **state) {
    (void)state;
#define INT(section, key, value, least, most, help)                                                \
    assert_int_equal(settings.section##_##key, value);
#define BOOL(section, key, value, help)
#define TEXT(section, key, value, help) assert_string_equal(settings.section##_##key, value);
#define PATH(section, key, value, help) assert_string_equal(settings.section##_##key, value);
#define WORD(section, key, value, choices, help)                                                   \
    assert_string_equal(settings.section##_##key, value);
    SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD)
#undef INT
#undef BOOL
#undef TEXT
#undef PATH
#undef WORD
}

static void try_int(const char *name, const int64_t *place, int64_t least, int64_t most) {
    char assignment[128];
    for (int beyond = 0; beyond <= 1; beyond++) {
        snprintf(assignment, sizeof assignment, "%s=%lld", name, (long long)least - beyond);
        assert_case(set(assignment) == !beyond && *place == least, assignment);
    }
    for (int beyond = 0; beyond <= 1; beyond++) {
        snprintf(assignment, sizeof assignment, "%s=%lld", name, (long long)most + beyond);
        assert_case(set(assignment) == !beyond && *place == most, assignment);
    }
    assert_non_null(strstr(fault, name));
}

static void every_number_is_crossed_by_one_at_both_ends(void **state) {
    (void)state;
#define INT(section, key, value, least, most, help)                                                \
    try_int(#section "." #key, &settings.section##_##key, least, most);
#define BOOL(section, key, value, help)
#define TEXT(section, key, value, help)
#define PATH(section, key, value, help)
#define WORD(section, key, value, choices, help)
    SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD)
#undef INT
#undef BOOL
#undef TEXT
#undef PATH
#undef WORD
}

static void a_word_is_one_of_its_choices(void **state) {
    (void)state;
    assert_true(set("log.level=warning"));
    assert_string_equal(settings.log_level, "warning");
    static const char *const wrong[] = {"log.level=", "log.level=warn", "log.level=warnings",
                                        "log.level=info|debug", "log.level=INFO"};
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!set(wrong[i]), wrong[i]);
    }
    assert_string_equal(settings.log_level, "warning");
    assert_string_equal(fault, "log.level: `INFO` is none of debug|info|warning|error");
}

/* One row an assignment that is refused, and the line that says why. */
static const struct {
    const char *assignment;
    const char *fault;
} refused[] = {
    {"push.workers", "push.workers: is not section.key=value"},
    {"", ": is not section.key=value"},
    {"=", ": there is no such setting"},
    {"push.workers=", "push.workers: `` is not a whole number"},
    {"push.workers=two", "push.workers: `two` is not a whole number"},
    {"push.workers=2x", "push.workers: `2x` is not a whole number"},
    {"push.workers=2.5", "push.workers: `2.5` is not a whole number"},
    {"push.workers= 2", "push.workers: ` 2` is not a whole number"},
    {"push.workers=+2", "push.workers: `+2` is not a whole number"},
    {"push.workers=0x2", "push.workers: `0x2` is not a whole number"},
    {"push.workers=1-", "push.workers: `1-` is not a whole number"},
    {"push.workers=99999999999999999999",
     "push.workers: 99999999999999999999 is not from 1 to 256"},
    {"push.worker=2", "push.worker: there is no such setting; is push.workers meant?"},
    {"http.workers=2", "http.workers: there is no such setting; is push.workers meant?"},
    {"Push.workers=2", "Push.workers: there is no such setting; is push.workers meant?"},
    {"nothing.like.it=2", "nothing.like.it: there is no such setting"},
    {"http.socket=", "http.socket: is empty"},
    {"http.socket=a\nb", "http.socket: holds control characters or is not UTF-8"},
    {"http.socket=\xFF", "http.socket: holds control characters or is not UTF-8"},
    {"redis.url=redis://localhost:0", "redis.url: " BAD_URL},
    {"redis.url=unix:", "redis.url: " BAD_URL},
    {"redis.url=sentinel://a,b", "redis.url: " BAD_URL},
    {"redis.url=sentinel://a,b:0/m", "redis.url: " BAD_URL},
    {"rooms.default=Lobby", "rooms.default: is not an id: 1 to 32 of a-z and 0-9"},
    {"rooms.default=", "rooms.default: is not an id: 1 to 32 of a-z and 0-9"},
    {"rooms.guest_rooms=lobby, help",
     "rooms.guest_rooms: is not a list of ids, each 1 to 32 of a-z and 0-9, separated by spaces"},
};

static void what_can_not_be_set_is_refused_with_one_clear_line(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(refused); i++) {
        assert_case(!set(refused[i].assignment), refused[i].assignment);
        assert_string_equal(fault, refused[i].fault);
    }
}

static void a_fault_is_never_longer_than_its_room(void **state) {
    (void)state;
    char assignment[400];
    memset(assignment, 'x', sizeof assignment);
    memcpy(assignment + sizeof assignment - 3, "=1", 3);
    char small[20];
    assert_false(sc_settings_set(&settings, assignment, small, sizeof small));
    assert_int_equal(strlen(small), sizeof small - 1);
}

static void origins_are_a_list_of_scheme_and_host(void **state) {
    (void)state;
    assert_true(set("push.origins="));
    assert_true(set("push.origins=https://chat.example  http://localhost:8080 http://[::1]:80"));
    assert_true(set("http.embed_origins=https://shop.example http://localhost:8080"));
    static const char *const wrong[] = {
        "push.origins=chat.example",
        "push.origins=https://chat.example/",
        "push.origins=https://Chat.example",
        "push.origins=https://",
        "push.origins=*",
        "push.origins=null",
        "push.origins=https://a.example, https://b.example",
        "push.origins=ftp://a.example",
        "http.embed_origins=*",
        "http.embed_origins=https://a.example; script-src *",
    };
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!set(wrong[i]), wrong[i]);
    }
}

static void a_file_says_what_it_says(void **state) {
    (void)state;
    assert_true(read_text("# a comment\n"
                          "; another\n"
                          "[push]\n"
                          "workers = 3\n"
                          "heartbeat_s=7 ; why\n"
                          "\n"
                          "[log]\r\n"
                          "level = debug\r\n"
                          "[push]\n"
                          "  connections =\t100  \n"
                          "\torigins = https://a.example"));
    assert_int_equal(settings.push_workers, 3);
    assert_int_equal(settings.push_heartbeat_s, 7);
    assert_int_equal(settings.push_connections, 100);
    assert_string_equal(settings.log_level, "debug");
    assert_string_equal(settings.push_origins, "https://a.example");
}

static void an_empty_file_leaves_the_defaults(void **state) {
    (void)state;
    assert_true(read_text(""));
    assert_int_equal(settings.push_workers, 1);
    assert_true(read_text("\xEF\xBB\xBF[push]\nworkers = 5\n"));
    assert_int_equal(settings.push_workers, 5);
}

static void a_key_repeated_later_wins(void **state) {
    (void)state;
    assert_true(read_text("[push]\nworkers = 3\n[log]\nlevel = debug\n[push]\nworkers = 4\n"));
    assert_int_equal(settings.push_workers, 4);
}

static void an_indented_line_that_assigns_nothing_goes_on_with_the_value(void **state) {
    (void)state;
    assert_true(read_text("[push]\norigins = https://a.example\n"
                          "    https://b.example\n"
                          "\n"
                          "    https://c.example\n"
                          "    workers = 2\n"));
    assert_string_equal(settings.push_origins,
                        "https://a.example https://b.example https://c.example");
    assert_int_equal(settings.push_workers, 2);
}

static void an_indented_section_or_comment_is_none_the_less_one(void **state) {
    (void)state;
    assert_true(read_text("  [http]\n  socket = a\n  # no value\n  [log]\n  level = debug\n   \n"));
    assert_string_equal(strrchr(settings.http_socket, '/'), "/a");
    assert_string_equal(settings.log_level, "debug");
}

static void a_value_longer_than_a_line_can_be_set(void **state) {
    (void)state;
    char text[2000] = "[push]\norigins = https://origin0.example\n";
    for (int i = 1; i < 40; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "  https://origin%d.example\n",
                 i);
    }
    assert_true(read_text(text));
    assert_non_null(strstr(settings.push_origins, " https://origin39.example"));
}

/* One row a file that is refused, and the line that says where and why. */
static const struct {
    const char *text;
    const char *fault;
} broken[] = {
    {"[push]\nworkers = 0\n", "test.conf:2: push.workers: 0 is not from 1 to 256"},
    {"[push]\n\n# x\nworkers = 0\nworkers = many\n",
     "test.conf:4: push.workers: 0 is not from 1 to 256"},
    {"[push]\nworkers = 0\n[broken\n", "test.conf:2: push.workers: 0 is not from 1 to 256"},
    {"[broken\n[push]\nworkers = 0\n", "test.conf:1: is neither [section] nor key = value"},
    {"[push]\nworkers\n", "test.conf:2: is neither [section] nor key = value"},
    {"[pusj]\nworkers = 2\n",
     "test.conf:2: pusj.workers: there is no such setting; is push.workers meant?"},
    {"workers = 2\n", "test.conf:1: .workers: there is no such setting; is push.workers meant?"},
    {"[push]\nworkers = 2\n  3\n", "test.conf:3: push.workers: `2 3` is not a whole number"},
    {"[redis]\nurl = /run/redis.sock\n", "test.conf:2: redis.url: " BAD_URL},
};

static void a_fault_names_file_line_and_key(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(broken); i++) {
        assert_case(!read_text(broken[i].text), broken[i].text);
        assert_string_equal(fault, broken[i].fault);
    }
}

static void a_line_too_long_is_refused_not_cut(void **state) {
    (void)state;
    int refused_lines = 0;
    for (int bytes = 150; bytes < 250; bytes++) {
        char text[300];
        snprintf(text, sizeof text, "[redis]\nurl = unix:/%0*d\n", bytes, 0);
        if (read_text(text)) {
            assert_int_equal(strlen(settings.redis_url), strlen("unix:/") + (size_t)bytes);
        } else {
            assert_string_equal(fault, "test.conf:2: the line is too long: go on with its value "
                                       "on an indented line");
            refused_lines++;
        }
    }
    assert_in_range(refused_lines, 1, 99);
}

static void a_nul_in_the_file_is_refused(void **state) {
    (void)state;
    assert_false(read_bytes("[push]\nworkers = 2\0 5\n", 22));
    assert_string_equal(fault, "test.conf:2: the line holds a NUL");
}

static void a_file_that_is_not_there_or_not_a_file_is_refused(void **state) {
    (void)state;
    assert_false(sc_settings_read(&settings, "no.conf", fault, sizeof fault));
    assert_string_equal(fault, "no.conf: No such file or directory");
    assert_false(sc_settings_read(&settings, "/tmp", fault, sizeof fault));
    assert_string_equal(fault, "/tmp:1: can't be read");
}

static void relative_paths_are_taken_from_the_files_folder(void **state) {
    (void)state;
    assert_int_equal(chdir("/"), 0);
    char path[128];
    char expected[128];
    snprintf(path, sizeof path, "%s/test.conf", folder);
    FILE *file = fopen(path, "w");
    fputs("[http]\nsocket = sockets/fcgi.sock\n[push]\nsocket = /run/push.sock\n", file);
    fclose(file);
    bool good = sc_settings_read(&settings, path, fault, sizeof fault);
    assert_int_equal(chdir(folder), 0);
    assert_true(good);
    snprintf(expected, sizeof expected, "%s/sockets/fcgi.sock", folder);
    assert_string_equal(settings.http_socket, expected);
    assert_string_equal(settings.push_socket, "/run/push.sock");
    snprintf(expected, sizeof expected, "unix:%s/redis.sock", folder);
    assert_string_equal(settings.redis_url, expected);
}

static void an_address_in_the_network_is_no_path(void **state) {
    (void)state;
    assert_true(read_text("[redis]\nurl = redis://localhost:6379/0\n"));
    assert_string_equal(settings.redis_url, "redis://localhost:6379/0");
}

static void what_is_given_back_can_be_given_back_again(void **state) {
    (void)state;
    sc_settings_deinit(&settings);
    assert_null(settings.redis_url);
}

static void print_help(void *context) {
    (void)context;
    sc_settings_help();
}

static void print_markdown(void *context) {
    (void)context;
    sc_settings_markdown();
}

static void help_and_table_name_every_row(void **state) {
    (void)state;
    static struct child help;
    static struct child table;
    child_run(&help, print_help, NULL);
    child_run(&table, print_markdown, NULL);
#define ROW(section, key, value)                                                                   \
    assert_case(strstr(help.out, "\n" #key " = " value "\n") != NULL, #section "." #key);          \
    assert_case(strstr(table.out, "| `" #section "." #key "` |") != NULL, #section "." #key);
#define INT(section, key, value, least, most, help) ROW(section, key, #value)
#define BOOL(section, key, value, help)             ROW(section, key, #value)
#define TEXT(section, key, value, help)             ROW(section, key, value)
#define PATH(section, key, value, help)             ROW(section, key, value)
#define WORD(section, key, value, choices, help)    ROW(section, key, value)
    SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD)
#undef ROW
#undef INT
#undef BOOL
#undef TEXT
#undef PATH
#undef WORD
    assert_non_null(strstr(help.out, "\n[limits]\n"));
    assert_non_null(strstr(table.out, "| open\\|invite\\|closed |"));
}

static void see_setting(void *context, const struct sc_setting *setting) {
    static const char *const telling[] = {"password", "secret", "token", "jwt_key", "redis.url"};
    bool tells = false;
    for (size_t i = 0; i < ROWS(telling); i++) {
        tells |= strstr(setting->name, telling[i]) != NULL;
    }
    tells &= strncmp(setting->name, "limits.", 7) != 0 && strstr(setting->name, "_file") == NULL;
    assert_case(tells == setting->is_secret, setting->name);
    assert_case(strstr(setting->value, "hunter2") == NULL, setting->name);
    if (strcmp(setting->name, "limits.page") == 0) {
        assert_string_equal(setting->value, "7");
        assert_true(setting->is_set);
    }
    if (strcmp(setting->name, "push.deflate") == 0) {
        assert_string_equal(setting->value, "yes");
        assert_false(setting->is_set);
    }
    ++*(size_t *)context;
}

static void every_setting_is_told_but_for_secrets(void **state) {
    (void)state;
    size_t count = 0;
    assert_true(set("redis.url=redis://:hunter2@redis.example"));
    assert_true(set("redis.sentinel_password=hunter2"));
    assert_true(set("accounts.jwt_key=hunter2-hunter2-hunter2-hunter2-"));
    assert_true(set("limits.page=7"));
    sc_settings_each(&settings, see_setting, &count);
    assert_in_range(count, 60, 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_setting_is_told_but_for_secrets),
        TEST(defaults_are_those_of_the_rows),
        TEST(every_number_is_crossed_by_one_at_both_ends),
        TEST(a_word_is_one_of_its_choices),
        TEST(what_can_not_be_set_is_refused_with_one_clear_line),
        TEST(a_fault_is_never_longer_than_its_room),
        TEST(origins_are_a_list_of_scheme_and_host),
        TEST(a_file_says_what_it_says),
        TEST(an_empty_file_leaves_the_defaults),
        TEST(a_key_repeated_later_wins),
        TEST(an_indented_line_that_assigns_nothing_goes_on_with_the_value),
        TEST(an_indented_section_or_comment_is_none_the_less_one),
        TEST(a_value_longer_than_a_line_can_be_set),
        TEST(a_fault_names_file_line_and_key),
        TEST(a_line_too_long_is_refused_not_cut),
        TEST(a_nul_in_the_file_is_refused),
        TEST(a_file_that_is_not_there_or_not_a_file_is_refused),
        TEST(relative_paths_are_taken_from_the_files_folder),
        TEST(an_address_in_the_network_is_no_path),
        TEST(what_is_given_back_can_be_given_back_again),
        TEST(help_and_table_name_every_row),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
