/*
 * metrics: the text, read as strictly as its format 0.0.4 is written; sums over workers.
 */
#include "suite.h"

#include <ctype.h>
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "metrics.h"

enum { WORKERS = 3, SAMPLES_MAX = 512 };

struct sample {
    char name[96];   /* with _bucket and the like */
    char labels[96]; /* as they stand between the braces */
    double value;
};

/* A text, line by line. */
static struct {
    struct sample samples[SAMPLES_MAX];
    size_t count;
    char family[96], type[16]; /* of the last # lines */
    size_t families;
} text;

/* --- reading --- */

static bool is_name(const char *name, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)name[i];
        if (!isalpha(c) && c != '_' && (i == 0 || !isdigit(c))) {
            return false;
        }
    }
    return bytes > 0;
}

static bool begins(const char *line, const char *with) {
    return strncmp(line, with, strlen(with)) == 0;
}

static bool ends(const char *name, const char *with) {
    size_t bytes = strlen(name), tail = strlen(with);
    return bytes >= tail && strcmp(name + bytes - tail, with) == 0;
}

/* name="value" pairs between commas; no value of ours needs an escape. */
static bool are_labels(const char *labels) {
    while (true) {
        size_t name = strcspn(labels, "=");
        if (!is_name(labels, name) || !begins(labels + name, "=\"")) {
            return false;
        }
        labels += name + 2;
        labels += strcspn(labels, "\"\\\n");
        if (*labels != '"') {
            return false;
        }
        if (*++labels == '\0') {
            return true;
        }
        if (*labels++ != ',') {
            return false;
        }
    }
}

static void read_help(const char *line) {
    size_t bytes = strcspn(line, " ");
    assert_case(is_name(line, bytes) && begins(line, "stonechat_pushd_"), line);
    assert_case(line[bytes] == ' ' && line[bytes + 1] != '\0' && strchr(line, '\\') == NULL, line);
    snprintf(text.family, sizeof text.family, "%.*s", (int)bytes, line);
    for (size_t i = 0; i < text.count; i++) {
        assert_case(strcmp(text.samples[i].name, text.family) != 0, line);
    }
    text.families++;
    text.type[0] = '\0';
}

static void read_type(const char *line) {
    size_t bytes = strlen(text.family);
    assert_case(begins(line, text.family) && line[bytes] == ' ' && text.type[0] == '\0', line);
    snprintf(text.type, sizeof text.type, "%s", line + bytes + 1);
    bool counter = strcmp(text.type, "counter") == 0;
    assert_case(counter || strcmp(text.type, "gauge") == 0 || strcmp(text.type, "histogram") == 0,
                line);
    assert_case(counter == ends(text.family, "_total"), line);
}

/* Of the family that was announced, and once only. */
static bool belongs(const struct sample *sample) {
    size_t bytes = strlen(text.family);
    if (!begins(sample->name, text.family)) {
        return false;
    }
    for (size_t i = 0; i < text.count; i++) {
        if (strcmp(text.samples[i].name, sample->name) == 0 &&
            strcmp(text.samples[i].labels, sample->labels) == 0) {
            return false;
        }
    }
    const char *suffix = sample->name + bytes;
    bool of_histogram = strcmp(suffix, "_bucket") == 0 || strcmp(suffix, "_sum") == 0 ||
                        strcmp(suffix, "_count") == 0;
    return strcmp(text.type, "histogram") == 0 ? of_histogram : *suffix == '\0';
}

static void read_sample(const char *line) {
    struct sample *sample = &text.samples[text.count];
    size_t bytes = strcspn(line, "{ ");
    const char *rest = line + bytes;
    assert_case(is_name(line, bytes) && text.type[0] != '\0', line);
    snprintf(sample->name, sizeof sample->name, "%.*s", (int)bytes, line);
    sample->labels[0] = '\0';
    if (*rest == '{') {
        bytes = strcspn(rest + 1, "}");
        snprintf(sample->labels, sizeof sample->labels, "%.*s", (int)bytes, rest + 1);
        assert_case(rest[bytes + 1] == '}' && are_labels(sample->labels), line);
        rest += bytes + 2;
    }
    char *end = NULL;
    sample->value = strtod(rest + 1, &end);
    assert_case(*rest == ' ' && isdigit((unsigned char)rest[1]) && *end == '\0', line);
    assert_case(isfinite(sample->value) && belongs(sample), line);
    assert_true(++text.count < SAMPLES_MAX);
}

static void read_text(void) {
    char *whole = metrics_text();
    size_t bytes = strlen(whole);
    memset(&text, 0, sizeof text);
    assert_true(bytes > 0 && whole[bytes - 1] == '\n');
    char *rest = whole;
    for (char *line = strsep(&rest, "\n"); rest != NULL; line = strsep(&rest, "\n")) {
        if (begins(line, "# HELP ")) {
            read_help(line + 7);
        } else if (begins(line, "# TYPE ")) {
            read_type(line + 7);
        } else {
            read_sample(line);
        }
    }
    free(whole);
}

static double value_of(const char *name, const char *labels) {
    for (size_t i = 0; i < text.count; i++) {
        const struct sample *sample = &text.samples[i];
        if (strcmp(sample->name + strlen("stonechat_pushd_"), name) == 0 &&
            strcmp(sample->labels, labels) == 0) {
            return sample->value;
        }
    }
    fail_msg("no sample %s{%s}", name, labels);
    return -1;
}

static void assert_value(const char *name, const char *labels, double expected) {
    read_text();
    assert_int_equal(value_of(name, labels), expected);
}

/* --- the cases --- */

static int set_up(void **state) {
    (void)state;
    metrics_share(WORKERS);
    metrics_begin(0);
    return 0;
}

static void every_row_is_a_family_of_at_least_one_sample(void **state) {
    (void)state;
    static const char *const names[] = {
#define X(kind, name, help) "stonechat_pushd_" #name,
        METRICS(X)
#undef X
    };
    read_text();
    assert_int_equal(text.families, ROWS(names));
    for (size_t row = 0; row < ROWS(names); row++) {
        size_t samples = 0;
        for (size_t i = 0; i < text.count; i++) {
            samples += begins(text.samples[i].name, names[row]);
        }
        assert_case(samples > 0, names[row]);
    }
}

static void names_bear_their_units(void **state) {
    (void)state;
    static const struct {
        const char *name, *kind;
    } names[] = {
#define X(kind, name, help) {#name, #kind},
        METRICS(X)
#undef X
    };
    for (size_t i = 0; i < ROWS(names); i++) {
        bool time = strcmp(names[i].kind, "AGE") == 0 || strcmp(names[i].kind, "HISTOGRAM") == 0;
        assert_case(time == ends(names[i].name, "_seconds"), names[i].name);
        for (size_t j = 0; j < ROWS(names); j++) {
            char total[96];
            snprintf(total, sizeof total, "%s_total", names[j].name);
            assert_case(strcmp(names[i].name, total) != 0, total);
        }
    }
}

static void counters_and_gauges_are_summed_over_workers(void **state) {
    (void)state;
    for (size_t worker = 0; worker < WORKERS; worker++) {
        metrics_begin(worker);
        metric_add(metrics->frames_sent_total, 10 * (worker + 1));
        metric_add(metrics->queue_bytes, 7);
        metric_subtract(metrics->queue_bytes, worker);
    }
    assert_value("frames_sent_total", "", 60);
    assert_value("queue_bytes", "", 7 + 6 + 5);
}

static void labels_are_words_and_each_counts_for_itself(void **state) {
    (void)state;
    metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_SHED], 2);
    metric_add(&metrics->refusals_total[SC_UNAUTHENTICATED], 3);
    metric_add(&metrics->closes_total[SC_SESSION_ENDED], 4);
    assert_value("catch_ups_total", "cause=\"resume\"", 0);
    assert_value("catch_ups_total", "cause=\"shed\"", 2);
    assert_value("refusals_total", "status=\"401\",reason=\"unauthenticated\"", 3);
    assert_value("closes_total", "code=\"4401\",reason=\"session_ended\"", 4);
    assert_value("closes_total", "code=\"4401\",reason=\"unauthenticated\"", 0);
}

static void histograms_are_cumulative_and_end_with_all(void **state) {
    (void)state;
    static const int64_t times_us[] = {-5, 0, 50, 51, 999, 1000, 2500000, 2500001, 90000000};
    double last = 0;
    metric_cell *cells = metrics->redis_command_seconds;
    for (size_t i = 0; i < ROWS(times_us); i++) {
        metric_observe(cells, times_us[i]);
    }
    read_text();
    assert_int_equal(value_of("redis_command_seconds_bucket", "le=\"5e-05\""), 3);
    assert_int_equal(value_of("redis_command_seconds_bucket", "le=\"0.001\""), 6);
    assert_int_equal(value_of("redis_command_seconds_bucket", "le=\"2.5\""), 7);
    assert_int_equal(value_of("redis_command_seconds_bucket", "le=\"+Inf\""), 9);
    assert_int_equal(value_of("redis_command_seconds_count", ""), 9);
    double sum_us = value_of("redis_command_seconds_sum", "") * 1e6;
    assert_true(fabs(sum_us - (50 + 51 + 999 + 1000 + 2500000 + 2500001 + 90000000)) < 2);
    for (size_t i = 0; i < text.count; i++) {
        if (ends(text.samples[i].name, "redis_command_seconds_bucket")) {
            assert_true(text.samples[i].value >= last);
            last = text.samples[i].value;
        }
    }
}

static void a_worker_that_is_gone_leaves_its_counters_and_takes_its_gauges(void **state) {
    (void)state;
    metrics_begin(1);
    metric_add(metrics->connections, 5);
    metric_add(metrics->sheds_total, 5);
    assert_value("worker_up", "worker=\"1\"", 1);
    metrics_end(1);
    assert_value("worker_up", "worker=\"1\"", 0);
    assert_value("worker_up", "worker=\"0\"", 1);
    assert_value("connections", "", 0);
    assert_value("sheds_total", "", 5);
    metrics_begin(1);
    metric_add(metrics->sheds_total, 1);
    assert_value("worker_up", "worker=\"1\"", 1);
    assert_value("sheds_total", "", 6);
    assert_value("worker_starts_total", "", 3);
}

static void the_canary_is_as_old_as_that_of_who_waits_longest(void **state) {
    (void)state;
    uint64_t now = (uint64_t)metrics_now_us();
    metrics_begin(1);
    metric_set(metrics->canary_age_seconds, now - 7000000);
    read_text();
    assert_in_range(value_of("canary_age_seconds", ""), 7, 8);
    metrics_end(1);
    read_text();
    assert_in_range(value_of("canary_age_seconds", ""), 0, 1);
}

static void what_another_process_counts_is_in_the_sum(void **state) {
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        metrics_begin(2);
        metric_add(metrics->publications_total, 41);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    metric_add(metrics->publications_total, 1);
    assert_value("publications_total", "", 42);
    assert_value("worker_up", "worker=\"2\"", 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(every_row_is_a_family_of_at_least_one_sample),
        TEST(names_bear_their_units),
        TEST(counters_and_gauges_are_summed_over_workers),
        TEST(labels_are_words_and_each_counts_for_itself),
        TEST(histograms_are_cumulative_and_end_with_all),
        TEST(a_worker_that_is_gone_leaves_its_counters_and_takes_its_gauges),
        TEST(the_canary_is_as_old_as_that_of_who_waits_longest),
        TEST(what_another_process_counts_is_in_the_sum),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
