/* link: bounded waits, lost scripts, lost connections; against a Redis of canned answers. */
#include "suite.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "link.h"

enum { READ_MAX = 65536 };

/* Accepts one connection after another; each command on it is answered by the next line of the
 * play. NULL answers nothing; a line that ends in ! closes the connection behind itself. */
struct redis {
    char path[64];
    int listener;
    const char *const *play;
    size_t lines;
    size_t at;
    size_t connections;
    char heard[READ_MAX]; /* the latest command */
    pthread_t thread;
};

static bool answer_one(struct redis *redis, int socket_fd) {
    ssize_t got = read(socket_fd, redis->heard, sizeof redis->heard - 1);
    if (got <= 0) {
        return false;
    }
    redis->heard[got] = '\0';
    const char *line = redis->at < redis->lines ? redis->play[redis->at++] : NULL;
    size_t bytes = line ? strlen(line) : 0;
    bool last = bytes > 0 && line[bytes - 1] == '!';
    ssize_t sent = write(socket_fd, line ? line : "", last ? bytes - 1 : bytes);
    return sent >= 0 && !last;
}

static void *play(void *context) {
    struct redis *redis = context;
    int socket_fd;
    while ((socket_fd = accept(redis->listener, NULL, NULL)) >= 0) {
        redis->connections++;
        while (answer_one(redis, socket_fd)) {
        }
        close(socket_fd);
    }
    return NULL;
}

static void redis_open(struct redis *redis, const char *const *lines, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *redis = (struct redis){.play = lines, .lines = count};
    snprintf(redis->path, sizeof redis->path, "/tmp/test_link.%d.sock", (int)getpid());
    strcpy(address.sun_path, redis->path);
    unlink(redis->path);
    redis->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(redis->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(redis->listener, 16), 0);
    pthread_create(&redis->thread, NULL, play, redis);
}

struct fixture {
    struct redis redis;
    struct sc_endpoint endpoint;
    struct breaker breaker;
    struct link link;
};

static void open_all(struct fixture *f, const char *const *lines, size_t count) {
    redis_open(&f->redis, lines, count);
    f->endpoint = (struct sc_endpoint){.path = f->redis.path};
    breaker_init(&f->breaker);
    const struct link_terms terms = {.endpoint = &f->endpoint,
                                     .breaker = &f->breaker,
                                     .connect_ms = 300,
                                     .command_ms = 300,
                                     .wait_ms = 100};
    link_init(&f->link, &terms);
}

static void close_all(struct fixture *f) {
    link_deinit(&f->link);
    shutdown(f->redis.listener, SHUT_RDWR);
    pthread_join(f->redis.thread, NULL);
    close(f->redis.listener);
    unlink(f->redis.path);
    breaker_deinit(&f->breaker);
}

#define OPEN(f, ...)                                                                               \
    static const char *const lines[] = {__VA_ARGS__};                                              \
    open_all(f, lines, ROWS(lines))

static enum sc_error ping(struct fixture *f) {
    struct ask ask;
    ask_command(&ask, "PING");
    return link_tell(&f->link, &ask);
}

static enum sc_error run_script(struct fixture *f, struct answer *answer) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_VIEW);
    ask_text(&ask, "u1");
    return link_ask(&f->link, &ask, answer);
}

static void a_script_that_redis_has_lost_goes_as_text(void **state) {
    (void)state;
    struct fixture f;
    struct answer answer;
    OPEN(&f, "-NOSCRIPT No matching script.\r\n", "*2\r\n$2\r\nok\r\n:7\r\n");
    assert_int_equal(run_script(&f, &answer), SC_OK);
    assert_int_equal(answer_number(&answer, 1), 7);
    assert_non_null(strstr(f.redis.heard, "\r\nEVAL\r\n"));
    answer_deinit(&answer);
    close_all(&f);
}

struct heard {
    enum sc_error error;
    int64_t number;
    int times;
};

static void note_rider(void *context, enum sc_error error, const struct answer *answer) {
    struct heard *heard = context;
    *heard = (struct heard){error, answer_number(answer, 1), heard->times + 1};
}

static void ride(struct fixture *f, struct link_rider *rider, struct heard *heard) {
    *heard = (struct heard){.error = SC_OK};
    rider->take = note_rider;
    rider->context = heard;
    ask_script(&rider->ask, SC_SCRIPT_RATE);
    link_ride(&f->link, rider);
}

static void a_rider_goes_with_the_next_question_in_one_write_and_no_further(void **state) {
    (void)state;
    struct fixture f;
    struct link_rider rider;
    struct heard heard;
    OPEN(&f, "*2\r\n$2\r\nok\r\n:1\r\n+PONG\r\n", "+PONG\r\n");
    ride(&f, &rider, &heard);
    assert_int_equal(ping(&f), SC_OK);
    assert_non_null(strstr(f.redis.heard, "\r\nEVALSHA\r\n"));
    assert_non_null(strstr(f.redis.heard, "\r\nPING\r\n"));
    assert_int_equal(heard.number, 1);
    assert_false(link_unride(&f.link));
    assert_int_equal(ping(&f), SC_OK);
    assert_null(strstr(f.redis.heard, "EVALSHA"));
    assert_int_equal(heard.times, 1);
    close_all(&f);
}

static void a_rider_whose_script_was_lost_does_not_stop_the_question(void **state) {
    (void)state;
    struct fixture f;
    struct link_rider rider;
    struct heard heard;
    OPEN(&f, "-NOSCRIPT No matching script.\r\n+PONG\r\n");
    ride(&f, &rider, &heard);
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(heard.error, SC_UNAVAILABLE);
    close_all(&f);
}

static void a_rider_that_is_called_back_is_not_sent(void **state) {
    (void)state;
    struct fixture f;
    struct link_rider rider;
    struct heard heard;
    OPEN(&f, "+PONG\r\n");
    ride(&f, &rider, &heard);
    assert_true(link_unride(&f.link));
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(heard.times, 0);
    close_all(&f);
}

static void a_connection_that_was_closed_is_opened_anew_before_it_is_used(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "+PONG\r\n!", "+PONG\r\n");
    assert_int_equal(ping(&f), SC_OK);
    usleep(50 * 1000);
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(f.redis.connections, 2);
    close_all(&f);
}

static void a_connection_that_is_closed_instead_of_an_answer_is_not_asked_again(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "!", "+PONG\r\n");
    assert_int_equal(ping(&f), SC_UNAVAILABLE);
    assert_int_equal(f.redis.at, 1);
    assert_false(atomic_load(&f.breaker.open));
    assert_int_equal(ping(&f), SC_OK);
    close_all(&f);
}

static void silence_is_cut_short_and_opens_the_breaker(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, NULL);
    int64_t began = clock_ms();
    assert_int_equal(ping(&f), SC_UNAVAILABLE);
    int64_t took = clock_ms() - began;
    assert_true(took >= 250 && took < 1500);
    assert_null(f.link.redis);
    began = clock_ms();
    for (int i = 0; i < 20; i++) {
        link_begin(&f.link);
        assert_int_equal(ping(&f), SC_UNAVAILABLE);
    }
    assert_true(clock_ms() - began < 1500);
    close_all(&f);
}

static void a_probe_that_is_answered_closes_the_breaker(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, NULL, "+PONG\r\n", "+PONG\r\n");
    assert_int_equal(ping(&f), SC_UNAVAILABLE);
    usleep(2 * BREAKER_PAUSE_MS * 1000);
    link_begin(&f.link);
    assert_int_equal(ping(&f), SC_OK);
    assert_false(atomic_load(&f.breaker.open));
    close_all(&f);
}

static void one_request_does_not_wait_beyond_its_time(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "+PONG\r\n");
    assert_int_equal(ping(&f), SC_OK);
    f.link.left_ms = 0;
    assert_int_equal(ping(&f), SC_UNAVAILABLE);
    assert_non_null(f.link.redis); /* nothing was asked, so nothing is owed */
    close_all(&f);
}

static void nobody_there_is_unavailable_at_once(void **state) {
    (void)state;
    struct sc_endpoint endpoint = {.path = "/nonexistent/redis.sock"};
    struct breaker breaker;
    struct link link;
    struct ask ask;
    breaker_init(&breaker);
    const struct link_terms terms = {
        .endpoint = &endpoint, .breaker = &breaker, .connect_ms = 500, .command_ms = 500};
    link_init(&link, &terms);
    ask_command(&ask, "PING");
    int64_t began = clock_ms();
    assert_int_equal(link_tell(&link, &ask), SC_UNAVAILABLE);
    assert_true(clock_ms() - began < 250);
    assert_false(atomic_load(&breaker.open));
    link_deinit(&link);
    breaker_deinit(&breaker);
}

static void a_password_and_a_database_are_given_first(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "+OK\r\n", "+OK\r\n", "+PONG\r\n");
    f.endpoint.password = "secret";
    f.endpoint.database = 3;
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(f.redis.at, 3);
    close_all(&f);
}

static void a_wrong_password_is_unavailable(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "-WRONGPASS invalid username-password pair\r\n");
    f.endpoint.password = "secret";
    assert_int_equal(ping(&f), SC_UNAVAILABLE);
    assert_null(f.link.redis);
    close_all(&f);
}

static void a_connection_of_before_the_silence_of_another_is_not_asked(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "+PONG\r\n", "+PONG\r\n", "+PONG\r\n", "+PONG\r\n");
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(f.redis.connections, 1);
    breaker_trip(&f.breaker, clock_ms());
    breaker_settle(&f.breaker, true, clock_ms());
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(f.redis.connections, 2);
    close_all(&f);
}

struct taken {
    size_t count;
    int64_t numbers[8];
};

static void ask_view(void *context, size_t i, struct ask *out) {
    (void)context;
    ask_script(out, SC_SCRIPT_ROOM_VIEW);
    ask_number(out, (int64_t)i);
}

static void take_number(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct taken *taken = context;
    assert_int_equal(error, SC_OK);
    taken->numbers[i] = answer_number(answer, 1);
    taken->count++;
}

static void a_batch_asks_again_for_what_was_lost(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "*2\r\n$2\r\nok\r\n:1\r\n-NOSCRIPT x\r\n*2\r\n$2\r\nok\r\n:3\r\n",
         "*2\r\n$2\r\nok\r\n:2\r\n");
    struct taken taken = {0};
    struct link_batch batch = {3, ask_view, take_number, &taken};
    assert_int_equal(link_run(&f.link, &batch), SC_OK);
    assert_int_equal(taken.count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(taken.numbers[i], i + 1);
    }
    close_all(&f);
}

static enum sc_error send_message(struct fixture *f) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_MESSAGE_SEND);
    return link_tell(&f->link, &ask);
}

#define SENT "*2\r\n$2\r\nok\r\n:7\r\n"

static void what_was_written_is_settled_once_and_nothing_else_is(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "+PONG\r\n", SENT, ":0\r\n:2\r\n", "+PONG\r\n");
    f.link.terms.wait_replicas = 2;
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(link_settle(&f.link), SC_OK);
    assert_int_equal(f.redis.at, 1);
    assert_int_equal(send_message(&f), SC_OK);
    assert_int_equal(link_settle(&f.link), SC_OK);
    assert_int_equal(f.redis.at, 3);
    assert_non_null(strstr(f.redis.heard, "WAIT\r\n$1\r\n2\r\n$3\r\n100\r\n"));
    assert_int_equal(link_settle(&f.link), SC_OK);
    assert_int_equal(f.redis.at, 3);
    close_all(&f);
}

static void too_few_replicas_are_unavailable(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, SENT, ":0\r\n:1\r\n", SENT, ":0\r\n-UNBLOCKED x\r\n");
    f.link.terms.wait_replicas = 2;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(send_message(&f), SC_OK);
        assert_int_equal(link_settle(&f.link), SC_UNAVAILABLE);
    }
    assert_int_equal(f.redis.connections, 1);
    close_all(&f);
}

static void nobody_is_waited_for_unless_that_is_wanted(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, SENT);
    assert_int_equal(send_message(&f), SC_OK);
    assert_int_equal(link_settle(&f.link), SC_OK);
    assert_int_equal(f.redis.at, 1);
    close_all(&f);
}

static void what_was_written_on_a_connection_that_is_lost_cannot_be_settled(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, SENT, "!", "+PONG\r\n", "+PONG\r\n");
    f.link.terms.wait_replicas = 1;
    assert_int_equal(send_message(&f), SC_OK);
    assert_int_equal(ping(&f), SC_UNAVAILABLE);
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(link_settle(&f.link), SC_UNAVAILABLE);
    link_begin(&f.link);
    assert_int_equal(ping(&f), SC_OK);
    assert_int_equal(link_settle(&f.link), SC_OK);
    close_all(&f);
}

static void a_redis_that_takes_no_writes_is_left(void **state) {
    (void)state;
    struct fixture f;
    OPEN(&f, "-READONLY You can't write against a read only replica.\r\n", SENT);
    assert_int_equal(send_message(&f), SC_UNAVAILABLE);
    assert_null(f.link.redis);
    assert_int_equal(send_message(&f), SC_OK);
    close_all(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_that_redis_has_lost_goes_as_text),
        cmocka_unit_test(a_rider_goes_with_the_next_question_in_one_write_and_no_further),
        cmocka_unit_test(a_rider_whose_script_was_lost_does_not_stop_the_question),
        cmocka_unit_test(a_rider_that_is_called_back_is_not_sent),
        cmocka_unit_test(a_connection_that_was_closed_is_opened_anew_before_it_is_used),
        cmocka_unit_test(a_connection_that_is_closed_instead_of_an_answer_is_not_asked_again),
        cmocka_unit_test(silence_is_cut_short_and_opens_the_breaker),
        cmocka_unit_test(a_probe_that_is_answered_closes_the_breaker),
        cmocka_unit_test(one_request_does_not_wait_beyond_its_time),
        cmocka_unit_test(nobody_there_is_unavailable_at_once),
        cmocka_unit_test(a_password_and_a_database_are_given_first),
        cmocka_unit_test(a_wrong_password_is_unavailable),
        cmocka_unit_test(a_batch_asks_again_for_what_was_lost),
        cmocka_unit_test(a_connection_of_before_the_silence_of_another_is_not_asked),
        cmocka_unit_test(what_was_written_is_settled_once_and_nothing_else_is),
        cmocka_unit_test(too_few_replicas_are_unavailable),
        cmocka_unit_test(nobody_is_waited_for_unless_that_is_wanted),
        cmocka_unit_test(what_was_written_on_a_connection_that_is_lost_cannot_be_settled),
        cmocka_unit_test(a_redis_that_takes_no_writes_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
