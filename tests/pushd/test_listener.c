/*
 * listener: the door of a worker, open, full and without descriptors.
 */
#include "suite.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "conn_bench.h"
#include "listener.h"

static const struct conn_events events;
static struct bench bench;
static struct listener listener;
static int door;
static char folder[64], path[96];
static struct heard heard;

static int set_up(void **state) {
    (void)state;
    strcpy(folder, "/tmp/stonechat-door-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/push.sock", folder);
    bench_init(&bench, &events);
    door = listener_open(path);
    assert_true(door >= 0);
    listener_init(&listener, bench.base, door, &bench.set);
    heard.count = 0;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    listener_deinit(&listener);
    bench_deinit(&bench);
    close(door);
    unlink(path);
    rmdir(folder);
    return 0;
}

static int knock(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
    return peer;
}

static void only_owner_and_group_may_connect(void **state) {
    (void)state;
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0660);
    assert_true(S_ISSOCK(status.st_mode));
}

static void a_socket_that_was_left_behind_is_replaced(void **state) {
    (void)state;
    int again = listener_open(path);
    assert_true(again >= 0);
    int peer = knock();
    int accepted = accept(again, NULL, NULL);
    assert_true(accepted >= 0);
    close(accepted);
    close(peer);
    close(again);
}

static void a_path_that_can_not_be_is_refused(void **state) {
    (void)state;
    char far[256];
    memset(far, 'x', sizeof far - 1);
    far[sizeof far - 1] = '\0';
    assert_int_equal(listener_open(far), -1);
    assert_int_equal(listener_open("/nonexistent/folder/push.sock"), -1);
}

static void everybody_is_let_in(void **state) {
    (void)state;
    int peers[200];
    for (size_t i = 0; i < ROWS(peers); i++) {
        peers[i] = knock();
    }
    bench_turn(&bench);
    assert_int_equal(bench.set.count, ROWS(peers));
    for (size_t i = 0; i < ROWS(peers); i++) {
        close(peers[i]);
    }
    bench_turn(&bench);
    assert_int_equal(bench.set.count, 0);
}

/* There may be some spare places, for who only asks how it is. */
static void one_too_many_is_told_so(void **state) {
    (void)state;
    enum { LAST = 199 };
    int peers[LAST + 1];
    bench_set(&bench, "push.connections=2");
    for (int i = 0; i <= LAST; i++) {
        peers[i] = knock();
    }
    bench_turn(&bench);
    uint64_t most = bench.set.count;
    assert_in_range(most, 2, LAST - 1);
    peer_hear(peers[LAST], &heard);
    assert_int_equal(strncmp((char *)heard.bytes, "HTTP/1.1 503 ", 13), 0);
    assert_true(heard.closed);
    close(peers[0]);
    bench_turn(&bench);
    assert_int_equal(bench.set.count, most - 1);
    peers[0] = knock();
    bench_turn(&bench);
    assert_int_equal(bench.set.count, most);
    for (int i = 0; i <= LAST; i++) {
        close(peers[i]);
    }
}

/* Allows no more descriptors than there are; returns the old limit. */
static struct rlimit no_more_descriptors(void) {
    struct rlimit old, tight;
    int lowest = dup(0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    tight = old;
    tight.rlim_cur = (rlim_t)lowest;
    close(lowest);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    return old;
}

static void without_descriptors_it_pauses_and_goes_on(void **state) {
    (void)state;
    int peer = knock();
    struct rlimit old = no_more_descriptors();
    bench_turn(&bench);
    assert_int_equal(bench.set.count, 0);
    assert_true(listener.paused);
    assert_int_equal(event_base_loop(bench.base, EVLOOP_NONBLOCK), 0);
    setrlimit(RLIMIT_NOFILE, &old);
    listener_go_on(&listener);
    assert_false(listener.paused);
    bench_turn(&bench);
    assert_int_equal(bench.set.count, 1);
    listener_go_on(&listener);
    close(peer);
}

static void a_pause_ends_by_itself(void **state) {
    (void)state;
    int peer = knock();
    struct rlimit old = no_more_descriptors();
    bench_turn(&bench);
    assert_true(listener.paused);
    setrlimit(RLIMIT_NOFILE, &old);
    for (int i = 0; i < 100 && bench.set.count == 0; i++) {
        usleep(20000);
        bench_turn(&bench);
    }
    assert_int_equal(bench.set.count, 1);
    close(peer);
}

static void who_comes_while_it_holds_is_let_in_afterwards(void **state) {
    (void)state;
    listener_hold(&listener);
    int peer = knock();
    bench_turn(&bench);
    assert_int_equal(bench.set.count, 0);
    listener_go_on(&listener);
    bench_turn(&bench);
    assert_int_equal(bench.set.count, 1);
    close(peer);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(only_owner_and_group_may_connect),
        TEST(a_socket_that_was_left_behind_is_replaced),
        TEST(a_path_that_can_not_be_is_refused),
        TEST(everybody_is_let_in),
        TEST(one_too_many_is_told_so),
        TEST(without_descriptors_it_pauses_and_goes_on),
        TEST(a_pause_ends_by_itself),
        TEST(who_comes_while_it_holds_is_let_in_afterwards),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
