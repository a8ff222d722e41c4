/*
 * metrics: who may ask for the figures, and that they are those that were counted.
 */
#include "suite.h"

#include <stdlib.h>

#include <stonechat/memory.h>

#include "metrics.h"
#include "route.h"

static struct sc_settings settings;
static struct site site;
static char *text;

static int set_up(void **state) {
    (void)state;
    metrics = (struct metrics){0};
    text = NULL;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    free(text);
    return 0;
}

/* The number that follows `name` at the beginning of a line; -1: there is no such sample. */
static double sample(const char *name) {
    free(text);
    text = metrics_text(&site);
    char *line = sc_xasprintf("\n%s ", name);
    const char *found = strstr(text, line);
    double value = found != NULL ? strtod(found + strlen(line), NULL) : -1;
    free(line);
    return value;
}

static bool asked(char *const *parameters) {
    return metrics_are_asked(parameters);
}

#define ASKED(...) asked((char *[]){__VA_ARGS__, NULL})

static void only_a_scraper_here_may_ask(void **state) {
    (void)state;
    assert_true(ASKED("REQUEST_METHOD=GET", "REQUEST_URI=/metrics"));
    assert_true(ASKED("FCGI_ROLE=RESPONDER", "REQUEST_URI=/metrics", "REQUEST_METHOD=GET"));
    assert_false(ASKED("REQUEST_METHOD=GET", "REQUEST_URI=/metrics", "REMOTE_ADDR=127.0.0.1"));
    assert_false(ASKED("REMOTE_ADDR=", "REQUEST_METHOD=GET", "REQUEST_URI=/metrics"));
    assert_false(ASKED("REQUEST_METHOD=POST", "REQUEST_URI=/metrics"));
    assert_false(ASKED("REQUEST_METHOD=GET", "REQUEST_URI=/metrics?a"));
    assert_false(ASKED("REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/metrics"));
    assert_false(ASKED("REQUEST_METHOD=GET", "HTTP_REQUEST_URI=/metrics"));
    assert_false(ASKED("REQUEST_METHOD=GET"));
}

static void requests_are_counted_by_route_and_class(void **state) {
    (void)state;
    const struct route *health = route_at(0);
    assert_int_equal(route_index(health), 0);
    assert_null(route_at(route_count()));
    metrics_count(health, 200, 120);
    metrics_count(health, 204, 120);
    metrics_count(health, 503, 5000000);
    metrics_count(route_at(route_count() - 1), 404, 40);
    metrics_count(NULL, 404, 40);
#define HEALTH "stonechat_fcgi_requests_total{method=\"GET\",route=\"/api/v1/health\",status="
    assert_true(sample(HEALTH "\"2xx\"}") == 2);
    assert_true(sample(HEALTH "\"4xx\"}") == 0);
    assert_true(sample(HEALTH "\"5xx\"}") == 1);
    assert_true(sample("stonechat_fcgi_requests_total{method=\"\",route=\"\",status=\"4xx\"}") ==
                1);
    assert_true(sample("stonechat_fcgi_request_seconds_count") == 5);
    assert_true(sample("stonechat_fcgi_request_seconds_bucket{le=\"5e-05\"}") == 2);
    assert_true(sample("stonechat_fcgi_request_seconds_bucket{le=\"2.5\"}") == 4);
    assert_true(sample("stonechat_fcgi_request_seconds_bucket{le=\"+Inf\"}") == 5);
    assert_true(sample("stonechat_fcgi_request_seconds_sum") == 5.00032);
}

static void what_others_know_is_asked_of_them(void **state) {
    (void)state;
    assert_true(sample("stonechat_fcgi_breaker_open") == 0);
    breaker_trip(&site.breaker, 0);
    assert_true(sample("stonechat_fcgi_breaker_open") == 1);
    breaker_settle(&site.breaker, true, 0);
    assert_true(sample("stonechat_fcgi_hashes_waiting") == 0);
    assert_int_equal(hasher_enter(&site.hasher), SC_OK);
    assert_true(sample("stonechat_fcgi_hashes_waiting") == 1);
    assert_true(sample("stonechat_fcgi_hashes_running") == 0);
    hasher_leave(&site.hasher);
    metrics_init(&settings);
    assert_true(sample("stonechat_fcgi_threads") == 16);
    assert_true(sample("stonechat_fcgi_process_start_time_seconds") > 1.7e9);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(only_a_scraper_here_may_ask),
        TEST(requests_are_counted_by_route_and_class),
        TEST(what_others_know_is_asked_of_them),
    };
#undef TEST
    sc_settings_init(&settings);
    site_init(&site, &settings);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    site_deinit(&site);
    sc_settings_deinit(&settings);
    return failed;
}
