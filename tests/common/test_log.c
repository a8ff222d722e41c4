/*
 * log: lines that nothing can forge, cut, tear or block.
 */
#include "suite.h"

#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <sys/resource.h>

#include <stonechat/log.h>
#include <stonechat/settings.h>

#include "child.h"

enum { LINE_MOST = 4096 };

static struct child child;

/* What one test has a child log, and in which format and from which level on. */
struct entry {
    const char *format;
    const char *least;
    enum sc_log_level level;
    const char *value;
};

static void start_log(const char *format, const char *least) {
    struct sc_settings settings;
    char assignment[64];
    char fault[256];
    sc_settings_init(&settings);
    snprintf(assignment, sizeof assignment, "log.format=%s", format);
    assert_true(sc_settings_set(&settings, assignment, fault, sizeof fault));
    snprintf(assignment, sizeof assignment, "log.level=%s", least);
    assert_true(sc_settings_set(&settings, assignment, fault, sizeof fault));
    sc_log_init(&settings, "tester");
    sc_settings_deinit(&settings);
}

static void log_entry(void *context) {
    const struct entry *entry = context;
    start_log(entry->format, entry->least);
    sc_log(entry->level, "happened", "user", entry->value, "then", "after", NULL);
}

/* Everything that `run` logs, in a file read from its beginning. */
static FILE *lines_of(void (*run)(void *context), void *context) {
    FILE *file = tmpfile();
    fcntl(fileno(file), F_SETFL, O_APPEND);
    int stderr_kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    run(context);
    dup2(stderr_kept, STDERR_FILENO);
    close(stderr_kept);
    rewind(file);
    return file;
}

static char line[2 * LINE_MOST];

/* What is written of one entry. */
static const char *written(struct entry entry) {
    FILE *lines = lines_of(log_entry, &entry);
    line[fread(line, 1, sizeof line - 1, lines)] = '\0';
    fclose(lines);
    return line;
}

static const char *logged(const char *format, const char *value) {
    return written((struct entry){format, "debug", SC_LOG_INFO, value});
}

/* A JSON line's member, for the caller to free. */
static char *member(const char *json, const char *key) {
    json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    const char *value = json_string_value(json_object_get(object, key));
    char *copy = value == NULL ? NULL : strdup(value);
    json_decref(object);
    return copy;
}

static void assert_matches(const char *text, const char *pattern) {
    regex_t regex;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    int missed = regexec(&regex, text, 0, NULL, 0);
    regfree(&regex);
    assert_case(missed == 0, text);
}

#define TIME "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"

static void a_line_is_time_level_program_event_and_fields(void **state) {
    (void)state;
    assert_matches(logged("text", "anna"), "^" TIME " level=info program=tester event=happened "
                                           "user=anna then=after\n$");
    assert_matches(logged("json", "anna"),
                   "^\\{\"time\":\"" TIME "\",\"level\":\"info\",\"program\":\"tester\","
                   "\"event\":\"happened\",\"user\":\"anna\",\"then\":\"after\"\\}\n$");
}

static void a_field_without_a_value_is_left_out(void **state) {
    (void)state;
    assert_matches(logged("text", NULL), "event=happened then=after\n$");
    assert_matches(logged("json", NULL), "\"event\":\"happened\",\"then\":\"after\"\\}\n$");
}

static const struct {
    const char *value;
    const char *text;
} escaped[] = {
    {"127.0.0.1:80", "127.0.0.1:80"},
    {"", "\"\""},
    {"a b", "\"a b\""},
    {"张伟", "\"张伟\""},
    {"a=b", "\"a=b\""},
    {"say \"hi\"", "\"say \\\"hi\\\"\""},
    {"back\\slash", "\"back\\\\slash\""},
    {"x\nlevel=error", "\"x\\nlevel=error\""},
    {"x\r\ty", "\"x\\r\\ty\""},
    {"\x1B[31mred", "\"\\u001b[31mred\""},
    {"\x7F", "\"\\u007f\""},
    {"\xC2\x9B"
     "31m",
     "\"\\u009b31m\""},
    {"\u2028", "\"\\u2028\""},
    {"\u202Eevil", "\"\\u202eevil\""},
    {"\u200B", "\"\\u200b\""},
    {"\U000E0041", "\"\\udb40\\udc41\""},
    {"caf\xE9", "\"caf\\ufffd\""},
    {"\xC3", "\"\\ufffd\""},
    {"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
    {"😀", "\"😀\""},
};

static void no_value_can_forge_a_line_or_reach_the_terminal(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(escaped); i++) {
        char expected[128];
        snprintf(expected, sizeof expected, " user=%s then=after\n", escaped[i].text);
        assert_case(strstr(logged("text", escaped[i].value), expected) != NULL, line);
        assert_case(strchr(line, '\n') == line + strlen(line) - 1, line);
    }
}

static void a_json_line_holds_the_very_value(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(escaped); i++) {
        char *value = member(logged("json", escaped[i].value), "user");
        assert_case(strstr(escaped[i].text, "ufffd") != NULL ||
                        strcmp(value, escaped[i].value) == 0,
                    escaped[i].text);
        free(value);
    }
}

/* Each length in turn, so that the cut falls on every part of a character and of the line's end. */
static void a_long_line_is_cut_between_characters_and_well_formed(void **state) {
    (void)state;
    static const char *const units[] = {"a", "é", "世", "😀", "\n", "\xFF", "\U000E0041"};
    static char value[5000];
    for (size_t i = 0; i < ROWS(units); i++) {
        for (size_t start = 0; start < 12; start++) {
            memset(value, 'x', start);
            value[start] = '\0';
            for (size_t bytes = start; bytes + 5 < sizeof value; bytes += strlen(units[i])) {
                memcpy(value + bytes, units[i], strlen(units[i]) + 1);
            }
            char *cut = member(logged("json", value), "cut");
            assert_string_equal(cut, "yes");
            free(cut);
            assert_true(strlen(line) <= LINE_MOST);
            assert_true(strlen(line) > LINE_MOST - 64);
            size_t length = strlen(logged("text", value));
            assert_true(length <= LINE_MOST);
            assert_string_equal(line + length - strlen(" cut=yes\n"), " cut=yes\n");
        }
    }
}

static void log_fields_that_end_anywhere(void *context) {
    (void)context;
    static char filler[LINE_MOST];
    start_log("json", "info");
    for (size_t bytes = LINE_MOST - 300; bytes < LINE_MOST - 1; bytes++) {
        memset(filler, 'x', bytes);
        filler[bytes] = '\0';
        sc_log(SC_LOG_INFO, "filled", "filler", filler, "next", "value", "last", "one", NULL);
    }
}

static void a_cut_among_the_fields_leaves_every_line_well_formed(void **state) {
    (void)state;
    FILE *lines = lines_of(log_fields_that_end_anywhere, NULL);
    int count = 0;
    for (; fgets(line, sizeof line, lines) != NULL; count++) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_case(object != NULL && strlen(line) <= LINE_MOST, line);
        json_decref(object);
    }
    fclose(lines);
    assert_int_equal(count, 299);
}

static void log_anyway(void *context) {
    struct sc_settings settings;
    (void)context;
    sc_settings_init(&settings);
    char fault[64];
    sc_settings_set(&settings, "log.level=error", fault, sizeof fault);
    sc_log_init(&settings, "tester");
    sc_settings_deinit(&settings);
    sc_log(SC_LOG_DEBUG, "unseen", "user", "anna", NULL);
    sc_log_anyway(SC_LOG_DEBUG, "seen", "user", "anna", "left_out", NULL, NULL);
}

static void what_somebody_follows_is_written_whatever_the_level(void **state) {
    (void)state;
    child_run(&child, log_anyway, NULL);
    assert_matches(child.err, "^" TIME " level=debug program=tester event=seen user=anna\n$");
}

static void what_is_below_the_level_is_not_written(void **state) {
    (void)state;
    static const char *const words[] = {"debug", "info", "warning", "error"};
    for (unsigned least = 0; least < ROWS(words); least++) {
        for (unsigned level = 0; level < ROWS(words); level++) {
            struct entry entry = {"text", words[least], (enum sc_log_level)level, "anna"};
            char expected[32];
            snprintf(expected, sizeof expected, "level=%s", words[level]);
            assert_int_equal(strstr(written(entry), expected) != NULL, level >= least);
        }
    }
}

static void log_numbers(void *context) {
    (void)context;
    start_log("text", "info");
    sc_log(SC_LOG_INFO, "counted", "least", sc_log_number(INT64_MIN), "most",
           sc_log_number(INT64_MAX), "none", sc_log_number(0), NULL);
}

static void several_numbers_fit_one_line(void **state) {
    (void)state;
    child_run(&child, log_numbers, NULL);
    assert_non_null(strstr(child.err, " least=-9223372036854775808 most=9223372036854775807 "
                                      "none=0\n"));
}

/* Fills a pipe that nobody reads: what does not fit is dropped, counted, and waited for by nobody.
 */
static void log_into_a_full_pipe(void *context) {
    (void)context;
    int ends[2];
    assert_int_equal(pipe2(ends, 0), 0);
    int stderr_kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    start_log("text", "info");
    for (int i = 0; i < 2000; i++) {
        sc_log(SC_LOG_INFO, "flood", "number", sc_log_number(i), NULL);
    }
    uint64_t dropped = sc_log_dropped();
    char buffer[65536];
    size_t lines = 0;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    for (ssize_t bytes; (bytes = read(ends[0], buffer, sizeof buffer)) > 0;) {
        for (ssize_t i = 0; i < bytes; i++) {
            lines += buffer[i] == '\n';
        }
    }
    dup2(stderr_kept, STDERR_FILENO);
    printf("%s\n", dropped > 0 && lines + dropped == 2000 ? "counted" : "lost count");
}

static void what_stderr_does_not_take_is_dropped_and_counted(void **state) {
    (void)state;
    child_run(&child, log_into_a_full_pipe, NULL);
    assert_string_equal(child.out, "counted\n");
}

static void log_to_a_full_disk(void *context) {
    (void)context;
    int full = open("/dev/full", O_WRONLY);
    dup2(full, STDERR_FILENO);
    start_log("text", "info");
    sc_log(SC_LOG_ERROR, "nobody_hears", NULL);
    printf("%d\n", (int)sc_log_dropped());
}

static void a_full_disk_stops_nobody(void **state) {
    (void)state;
    child_run(&child, log_to_a_full_disk, NULL);
    assert_string_equal(child.out, "1\n");
}

/* A file that takes no more than 100 bytes stands for a disk that fills up within a line. */
static void log_over_the_edge(void *context) {
    (void)context;
    struct rlimit most = {100, 100};
    start_log("text", "info");
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    int stderr_kept = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    setrlimit(RLIMIT_FSIZE, &most);
    sc_log(SC_LOG_INFO, "first", NULL);
    sc_log(SC_LOG_INFO, "torn_in_its_middle", "a", "b", "c", "d", "e", "f", "g", "h", NULL);
    dup2(stderr_kept, STDERR_FILENO);
    sc_log(SC_LOG_INFO, "next", NULL);
}

static void after_a_torn_line_the_next_begins_its_own(void **state) {
    (void)state;
    child_run(&child, log_over_the_edge, NULL);
    assert_int_equal(child.err[0], '\n');
    assert_matches(child.err + 1, "^" TIME " level=info program=tester event=next\n$");
}

enum { THREADS = 8, LINES = 200 };

static void *log_from_a_thread(void *context) {
    for (int i = 0; i < LINES; i++) {
        const char *who = sc_log_number((intptr_t)context);
        sc_log(SC_LOG_INFO, "threaded", "who", who, "again", who, NULL);
    }
    return NULL;
}

static void log_from_threads(void *context) {
    (void)context;
    pthread_t threads[THREADS];
    start_log("text", "info");
    for (intptr_t i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, log_from_a_thread, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void threads_write_whole_lines(void **state) {
    (void)state;
    FILE *lines = lines_of(log_from_threads, NULL);
    int count = 0;
    for (; fgets(line, sizeof line, lines) != NULL; count++) {
        int who = -1;
        int again = -2;
        int end = 0;
        sscanf(line, "%*24s level=info program=tester event=threaded who=%d again=%d%n", &who,
               &again, &end);
        assert_case(who == again && strcmp(line + end, "\n") == 0, line);
    }
    fclose(lines);
    assert_int_equal(count, THREADS * LINES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_time_level_program_event_and_fields),
        cmocka_unit_test(a_field_without_a_value_is_left_out),
        cmocka_unit_test(no_value_can_forge_a_line_or_reach_the_terminal),
        cmocka_unit_test(a_json_line_holds_the_very_value),
        cmocka_unit_test(a_long_line_is_cut_between_characters_and_well_formed),
        cmocka_unit_test(a_cut_among_the_fields_leaves_every_line_well_formed),
        cmocka_unit_test(what_somebody_follows_is_written_whatever_the_level),
        cmocka_unit_test(what_is_below_the_level_is_not_written),
        cmocka_unit_test(several_numbers_fit_one_line),
        cmocka_unit_test(what_stderr_does_not_take_is_dropped_and_counted),
        cmocka_unit_test(a_full_disk_stops_nobody),
        cmocka_unit_test(after_a_torn_line_the_next_begins_its_own),
        cmocka_unit_test(threads_write_whole_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
