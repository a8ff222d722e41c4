/* janitor: chores come when they are due, one instance's at a time; against a Redis of two scripts.
 */
#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stonechat/log.h>
#include <stonechat/script.h>

#include "clock.h"
#include "janitor.h"
#include "metrics.h"

enum { READ_MAX = 4096, PATIENCE_MS = 4000, SOON_MS = 20, NEVER_MS = 3600000 };

/* Lets every chore be taken while `busy_ms` is 0, else says that it is another's for so long. While
 * it is `away` it hangs up on every question. */
static struct redis {
    char path[64];
    int door;
    atomic_bool away;
    atomic_int busy_ms, taken, left;
    char rest[32]; /* what the latest chore_leave said */
    pthread_t thread;
} redis;

static struct sc_settings settings;
static struct site site;
static struct janitor *janitor;
static atomic_int runs;
static atomic_int fails, more; /* so many turns yet */

static void answer(int visitor, const char *heard) {
    char reply[64] = "*1\r\n$2\r\nok\r\n";
    int busy_ms = atomic_load(&redis.busy_ms);
    if (strstr(heard, sc_scripts[SC_SCRIPT_CHORE_TAKE].sha1)) {
        if (busy_ms > 0) {
            snprintf(reply, sizeof reply, "*2\r\n$4\r\nbusy\r\n:%d\r\n", busy_ms);
        }
        atomic_fetch_add(&redis.taken, 1);
    } else if (strstr(heard, sc_scripts[SC_SCRIPT_CHORE_LEAVE].sha1)) {
        const char *last = strrchr(heard, '$');
        snprintf(redis.rest, sizeof redis.rest, "%ld", strtol(strchr(last, '\n') + 1, NULL, 10));
        atomic_fetch_add(&redis.left, 1);
    }
    assert_true(write(visitor, reply, strlen(reply)) > 0);
}

static void *play(void *context) {
    (void)context;
    int visitor;
    while ((visitor = accept(redis.door, NULL, NULL)) >= 0) {
        char heard[READ_MAX];
        ssize_t got;
        while ((got = read(visitor, heard, sizeof heard - 1)) > 0 && !atomic_load(&redis.away)) {
            heard[got] = '\0';
            answer(visitor, heard);
        }
        close(visitor);
    }
    return NULL;
}

static int set_up(void **state) {
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char url[96], fault[256];
    memset(&redis, 0, sizeof redis);
    snprintf(redis.path, sizeof redis.path, "/tmp/test_janitor.%d.sock", (int)getpid());
    strcpy(address.sun_path, redis.path);
    unlink(redis.path);
    redis.door = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(redis.door, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(redis.door, 16), 0);
    pthread_create(&redis.thread, NULL, play, NULL);
    snprintf(url, sizeof url, "redis.url=unix:%s", redis.path);
    sc_settings_init(&settings);
    assert_true(sc_settings_set(&settings, url, fault, sizeof fault));
    atomic_store(&runs, 0);
    atomic_store(&fails, 0);
    atomic_store(&more, 0);
    metrics = (struct metrics){0};
    return site_init(&site, &settings) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    assert_true(janitor_close(&janitor, PATIENCE_MS));
    assert_null(janitor);
    shutdown(redis.door, SHUT_RDWR);
    pthread_join(redis.thread, NULL);
    close(redis.door);
    unlink(redis.path);
    site_deinit(&site);
    sc_settings_deinit(&settings);
    return 0;
}

static bool take_one(atomic_int *count) {
    return atomic_load(count) > 0 && atomic_fetch_sub(count, 1) > 0;
}

static enum sc_error sweep(struct link *link, const struct sc_settings *mine, bool *more_out) {
    (void)link;
    assert_ptr_equal(mine, &settings);
    *more_out = take_one(&more);
    atomic_fetch_add(&runs, 1);
    return take_one(&fails) ? SC_INTERNAL : SC_OK;
}

static const struct chore often[] = {{"sweep", SOON_MS, sweep}};
static const struct chore seldom[] = {{"sweep", NEVER_MS, sweep}};

static void begin(const struct chore *rows) {
    janitor = janitor_new(&site, rows, 1);
    assert_non_null(janitor);
}

static void await(atomic_int *count, int wanted) {
    int64_t deadline_ms = clock_ms() + PATIENCE_MS;
    while (atomic_load(count) < wanted) {
        assert_true(clock_ms() < deadline_ms);
        usleep(1000);
    }
}

static void a_chore_is_done_at_once_and_again_after_its_time(void **state) {
    (void)state;
    int64_t began_ms = clock_ms();
    begin(often);
    await(&redis.left, 3);
    assert_true(clock_ms() - began_ms >= 2 * SOON_MS);
    assert_string_equal(redis.rest, "20");
    assert_true(metrics.chore_runs_total[0] >= 3);
    assert_int_equal(metrics.chore_failures_total[0], 0);
}

static void a_chore_that_rests_is_left_alone(void **state) {
    (void)state;
    begin(seldom);
    await(&redis.left, 1);
    usleep(100 * 1000);
    assert_int_equal(atomic_load(&runs), 1);
}

static void what_is_left_to_do_is_done_at_once(void **state) {
    (void)state;
    atomic_store(&more, 4);
    begin(seldom);
    await(&redis.left, 5);
    usleep(100 * 1000);
    assert_int_equal(atomic_load(&runs), 5);
    assert_string_equal(redis.rest, "3600000");
}

static void what_another_instance_does_is_left_to_it(void **state) {
    (void)state;
    atomic_store(&redis.busy_ms, 30);
    begin(seldom);
    await(&redis.taken, 3);
    assert_int_equal(atomic_load(&runs), 0);
    assert_int_equal(atomic_load(&redis.left), 0);
    atomic_store(&redis.busy_ms, 0);
    await(&runs, 1);
}

static void a_chore_that_fails_is_tried_again(void **state) {
    (void)state;
    atomic_store(&fails, 2);
    begin(often);
    await(&redis.left, 4);
    assert_int_equal(metrics.chore_failures_total[0], 2);
}

static void a_redis_that_is_away_is_asked_again(void **state) {
    (void)state;
    atomic_store(&redis.away, true);
    begin(often);
    usleep(100 * 1000);
    assert_int_equal(atomic_load(&runs), 0);
    atomic_store(&redis.away, false);
    await(&runs, 1);
}

static void the_end_waits_for_no_chores_time(void **state) {
    (void)state;
    begin(seldom);
    await(&redis.left, 1);
    int64_t began_ms = clock_ms();
    assert_true(janitor_close(&janitor, PATIENCE_MS));
    assert_true(clock_ms() - began_ms < 1000);
    begin(seldom);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_chore_is_done_at_once_and_again_after_its_time),
        TEST(a_chore_that_rests_is_left_alone),
        TEST(what_is_left_to_do_is_done_at_once),
        TEST(what_another_instance_does_is_left_to_it),
        TEST(a_chore_that_fails_is_tried_again),
        TEST(a_redis_that_is_away_is_asked_again),
        TEST(the_end_waits_for_no_chores_time),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
