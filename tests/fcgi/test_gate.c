/* gate: who is let through, and when; nginx's part is played by sockets of the test. */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gate.h"

static struct gate gate;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static int set_up(void **state) {
    (void)state;
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/test_gate.%d.sock", (int)getpid());
    unlink(address.sun_path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_true(gate_init(&gate, listener));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    gate_deinit(&gate);
    unlink(address.sun_path);
    return 0;
}

static int arrive(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* What stands in the way of reading: one byte from the connection that is next. */
static int next_says(char *byte) {
    int connection = gate_next(&gate);
    assert_true(connection >= 0);
    assert_int_equal(read(connection, byte, 1), 1);
    return connection;
}

static void a_newcomer_is_let_through_and_may_block(void **state) {
    (void)state;
    char byte;
    int nginx = arrive();
    assert_int_equal(write(nginx, "a", 1), 1);
    int connection = next_says(&byte);
    assert_int_equal(byte, 'a');
    assert_false(fcntl(connection, F_GETFL) & O_NONBLOCK);
    close(connection);
    close(nginx);
}

static void one_that_came_back_waits_for_its_next_request(void **state) {
    (void)state;
    char byte;
    int idle = arrive();
    gate_return(&gate, gate_next(&gate));
    int busy = arrive();
    assert_int_equal(write(busy, "b", 1), 1);
    int connection = next_says(&byte);
    assert_int_equal(byte, 'b');
    gate_return(&gate, connection);
    assert_int_equal(write(idle, "i", 1), 1);
    connection = next_says(&byte);
    assert_int_equal(byte, 'i');
    gate_return(&gate, connection);
    assert_int_equal(write(idle, "j", 1), 1);
    gate_return(&gate, next_says(&byte));
    assert_int_equal(byte, 'j');
    close(busy);
    close(idle);
}

static void one_that_nginx_has_closed_is_closed_and_not_given_out(void **state) {
    (void)state;
    char byte;
    int gone = arrive();
    int connection = gate_next(&gate);
    gate_return(&gate, connection);
    close(gone);
    int nginx = arrive();
    assert_int_equal(write(nginx, "n", 1), 1);
    int other = next_says(&byte);
    assert_int_equal(byte, 'n');
    gate_close(&gate);
    assert_int_equal(gate_next(&gate), -1);
    assert_int_equal(fcntl(connection, F_GETFD), -1);
    assert_int_equal(errno, EBADF);
    close(other);
    close(nginx);
}

static void what_had_come_is_given_out_after_closing(void **state) {
    (void)state;
    char byte;
    int kept = arrive();
    gate_return(&gate, gate_next(&gate));
    assert_int_equal(write(kept, "k", 1), 1);
    int fresh = arrive();
    assert_int_equal(write(fresh, "f", 1), 1);
    gate_close(&gate);
    int first = next_says(&byte), second = next_says(&byte);
    assert_int_equal(gate_next(&gate), -1);
    close(first);
    close(second);
    close(fresh);
    close(kept);
}

static void *wait_at(void *out) {
    *(int *)out = gate_next(&gate);
    return NULL;
}

static void closing_wakes_all_who_wait(void **state) {
    (void)state;
    enum { MANY = 8 };
    pthread_t threads[MANY];
    int got[MANY] = {0};
    for (int i = 0; i < MANY; i++) {
        pthread_create(&threads[i], NULL, wait_at, &got[i]);
    }
    usleep(20 * 1000);
    gate_close(&gate);
    for (int i = 0; i < MANY; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(got[i], -1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_newcomer_is_let_through_and_may_block),
        TEST(one_that_came_back_waits_for_its_next_request),
        TEST(one_that_nginx_has_closed_is_closed_and_not_given_out),
        TEST(what_had_come_is_given_out_after_closing),
        TEST(closing_wakes_all_who_wait),
    };
    return cmocka_run_group_tests_name("fcgi/gate", tests, NULL, NULL);
}
