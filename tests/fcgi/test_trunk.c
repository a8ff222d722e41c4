/* trunk: many threads, one connection, each its own answer; against a Redis that repeats the last
 * word of each command. */
#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "trunk.h"

enum { THREADS = 32, ROUNDS = 50, READ_MAX = 1 << 20 };

static struct redis {
    char path[64];
    int listener;
    pthread_t thread;
    atomic_int connections, most_at_once, texts; /* commands in one read; scripts as text */
    atomic_int lost_scripts;                     /* so many are answered by NOSCRIPT */
    atomic_int pause_ms;                         /* before each read is answered */
    atomic_bool is_silent, hangs_up;
} redis;

/* The next bulk or number behind `at`: its text and length; NULL where the bytes have ended. */
static const char *next_word(const char *at, const char *end, int *bytes_out) {
    const char *line = memchr(at, '\n', (size_t)(end - at));
    *bytes_out = line ? (int)strtol(at + 1, NULL, 10) : 0;
    return line ? line + 1 : NULL;
}

/* One command, and where it ends. */
static const char *read_command(const char *at, const char *end, char last[64], bool *is_text_out) {
    int words, bytes;
    at = next_word(at, end, &words);
    for (int i = 0; at && i < words; i++) {
        at = next_word(at, end, &bytes);
        if (!at || at + bytes + 2 > end) {
            return NULL;
        }
        if (i == 0) {
            *is_text_out = bytes == 4 && memcmp(at, "EVAL", 4) == 0;
        }
        if (i == words - 1) {
            snprintf(last, 64, "%.*s", bytes, at);
        }
        at += bytes + 2;
    }
    return at;
}

static void answer_one(int socket_fd, const char *last, bool is_text) {
    char text[128];
    atomic_fetch_add(&redis.texts, is_text);
    if (!is_text && atomic_load(&redis.lost_scripts) > 0) {
        atomic_fetch_sub(&redis.lost_scripts, 1);
        snprintf(text, sizeof text, "-NOSCRIPT No matching script.\r\n");
    } else {
        snprintf(text, sizeof text, "*2\r\n$2\r\nok\r\n$%zu\r\n%s\r\n", strlen(last), last);
    }
    assert_true(write(socket_fd, text, strlen(text)) > 0);
}

static void answer_all(int socket_fd) {
    static char bytes[READ_MAX];
    size_t held = 0;
    for (;;) {
        ssize_t got = read(socket_fd, bytes + held, sizeof bytes - held);
        if (got <= 0 || atomic_load(&redis.hangs_up)) {
            return;
        }
        held += (size_t)got;
        if (atomic_load(&redis.is_silent)) {
            continue;
        }
        usleep((useconds_t)atomic_load(&redis.pause_ms) * 1000);
        const char *at = bytes, *end = bytes + held, *next;
        char last[64];
        bool is_text = false;
        int count = 0;
        while (at < end && (next = read_command(at, end, last, &is_text)) != NULL) {
            answer_one(socket_fd, last, is_text);
            at = next;
            count++;
        }
        held = (size_t)(end - at);
        memmove(bytes, at, held);
        if (count > atomic_load(&redis.most_at_once)) {
            atomic_store(&redis.most_at_once, count);
        }
    }
}

static void *serve(void *context) {
    int socket_fd;
    (void)context;
    while ((socket_fd = accept(redis.listener, NULL, NULL)) >= 0) {
        atomic_fetch_add(&redis.connections, 1);
        answer_all(socket_fd);
        close(socket_fd);
    }
    return NULL;
}

struct fixture {
    struct sc_endpoint endpoint;
    struct breaker breaker;
    struct trunk trunk;
    struct link_carrier carrier;
};

static void open_all(struct fixture *f) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memset(&redis, 0, sizeof redis);
    snprintf(redis.path, sizeof redis.path, "/tmp/test_trunk.%d.sock", (int)getpid());
    strcpy(address.sun_path, redis.path);
    unlink(redis.path);
    redis.listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(redis.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(redis.listener, 16), 0);
    pthread_create(&redis.thread, NULL, serve, NULL);
    f->endpoint = (struct sc_endpoint){.path = redis.path};
    breaker_init(&f->breaker);
    const struct link_terms terms = {
        .endpoint = &f->endpoint, .breaker = &f->breaker, .connect_ms = 300, .command_ms = 300};
    trunk_init(&f->trunk, &terms);
    f->carrier = trunk_carrier(&f->trunk);
}

static void close_all(struct fixture *f) {
    trunk_deinit(&f->trunk);
    shutdown(redis.listener, SHUT_RDWR);
    pthread_join(redis.thread, NULL);
    close(redis.listener);
    unlink(redis.path);
    breaker_deinit(&f->breaker);
}

/* A thread that asks again and again, and what it got. */
struct asker {
    struct fixture *f;
    pthread_t thread;
    int number, rounds;
    int own, others, failed; /* answers */
    int64_t longest_ms;
};

static void ask_once(struct asker *asker, struct link *link, int round) {
    char word[32];
    struct ask ask;
    struct answer answer;
    snprintf(word, sizeof word, "%d of %d", round, asker->number);
    ask_script(&ask, SC_SCRIPT_ROOM_READ);
    ask_text(&ask, word);
    int64_t began_ms = clock_ms();
    link_begin(link);
    enum sc_error error = link_ask(link, &ask, &answer);
    int64_t took_ms = clock_ms() - began_ms;
    asker->longest_ms = took_ms > asker->longest_ms ? took_ms : asker->longest_ms;
    asker->failed += error != SC_OK;
    asker->own += error == SC_OK && strcmp(answer_text(&answer, 1, NULL), word) == 0;
    asker->others += error == SC_OK && strcmp(answer_text(&answer, 1, NULL), word) != 0;
    answer_deinit(&answer);
}

static void *keep_asking(void *context) {
    struct asker *asker = context;
    struct link link;
    struct link_terms terms = asker->f->trunk.link.terms;
    terms.carrier = &asker->f->carrier;
    link_init(&link, &terms);
    for (int round = 0; round < asker->rounds; round++) {
        ask_once(asker, &link, round);
    }
    assert_null(link.redis); /* no connection of its own */
    link_deinit(&link);
    return NULL;
}

/* All at once; the sums of what they got. */
static struct asker ask_by(struct fixture *f, int threads, int rounds) {
    static struct asker askers[THREADS];
    struct asker sum = {.f = f};
    for (int i = 0; i < threads; i++) {
        askers[i] = (struct asker){.f = f, .number = i, .rounds = rounds};
        pthread_create(&askers[i].thread, NULL, keep_asking, &askers[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(askers[i].thread, NULL);
        sum.own += askers[i].own;
        sum.others += askers[i].others;
        sum.failed += askers[i].failed;
        sum.longest_ms =
            askers[i].longest_ms > sum.longest_ms ? askers[i].longest_ms : sum.longest_ms;
    }
    return sum;
}

static void everybody_gets_their_own_answer_over_one_connection(void **state) {
    (void)state;
    struct fixture f;
    open_all(&f);
    struct asker sum = ask_by(&f, THREADS, ROUNDS);
    assert_int_equal(sum.own, THREADS * ROUNDS);
    assert_int_equal(sum.others + sum.failed, 0);
    assert_int_equal(atomic_load(&redis.connections), 1);
    close_all(&f);
}

static void who_comes_while_others_wait_goes_with_them(void **state) {
    (void)state;
    struct fixture f;
    open_all(&f);
    atomic_store(&redis.pause_ms, 20);
    struct asker sum = ask_by(&f, THREADS, 3);
    assert_int_equal(sum.own, 3 * THREADS);
    assert_in_range(atomic_load(&redis.most_at_once), THREADS / 2, THREADS);
    assert_in_range(sum.longest_ms, 1, 299); /* and not one after another */
    close_all(&f);
}

static void a_lost_script_goes_as_text_for_each_who_asked(void **state) {
    (void)state;
    struct fixture f;
    open_all(&f);
    atomic_store(&redis.pause_ms, 5);
    atomic_store(&redis.lost_scripts, THREADS);
    struct asker sum = ask_by(&f, THREADS, 2);
    assert_int_equal(sum.own, 2 * THREADS);
    assert_int_equal(atomic_load(&redis.texts), THREADS);
    close_all(&f);
}

static void silence_fails_all_in_the_time_of_one_and_opens_the_breaker(void **state) {
    (void)state;
    struct fixture f;
    open_all(&f);
    atomic_store(&redis.is_silent, true);
    struct asker sum = ask_by(&f, THREADS, 1);
    assert_int_equal(sum.failed, THREADS);
    assert_true(atomic_load(&f.breaker.open));
    assert_in_range(sum.longest_ms, 300, 900); /* one that just missed a load, and a probe */
    close_all(&f);
}

static void a_connection_that_is_lost_is_made_again(void **state) {
    (void)state;
    struct fixture f;
    open_all(&f);
    assert_int_equal(ask_by(&f, 1, 1).own, 1);
    atomic_store(&redis.hangs_up, true);
    assert_int_equal(ask_by(&f, 1, 1).failed, 1);
    atomic_store(&redis.hangs_up, false);
    assert_int_equal(ask_by(&f, THREADS, 2).own, 2 * THREADS);
    assert_int_equal(atomic_load(&redis.connections), 2);
    close_all(&f);
}

static void note_rider(void *context, enum sc_error error, const struct answer *answer) {
    assert_int_equal(error, SC_OK);
    snprintf(context, 32, "%s", answer_text(answer, 1, NULL));
}

static void a_rider_comes_along_and_hears_its_own_answer(void **state) {
    (void)state;
    struct fixture f;
    struct link link;
    char heard[32] = "";
    open_all(&f);
    struct link_terms terms = f.trunk.link.terms;
    terms.carrier = &f.carrier;
    link_init(&link, &terms);
    struct link_rider rider = {.take = note_rider, .context = heard};
    ask_script(&rider.ask, SC_SCRIPT_RATE);
    ask_text(&rider.ask, "rider");
    link_ride(&link, &rider);
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_ROOM_READ);
    ask_text(&ask, "question");
    assert_int_equal(link_ask(&link, &ask, &answer), SC_OK);
    assert_string_equal(answer_text(&answer, 1, NULL), "question");
    assert_string_equal(heard, "rider");
    answer_deinit(&answer);
    link_deinit(&link);
    close_all(&f);
}

static void other_questions_go_their_own_way(void **state) {
    (void)state;
    struct trunk trunk;
    bool (*takes)(const struct ask *ask) = trunk_carrier(&trunk).takes;
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_SEARCH_BLOCK);
    assert_false(takes(&ask));
    ask_command(&ask, "PING");
    assert_false(takes(&ask));
    ask_script(&ask, SC_SCRIPT_MESSAGE_SEND);
    assert_true(takes(&ask));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_gets_their_own_answer_over_one_connection),
        cmocka_unit_test(who_comes_while_others_wait_goes_with_them),
        cmocka_unit_test(a_lost_script_goes_as_text_for_each_who_asked),
        cmocka_unit_test(silence_fails_all_in_the_time_of_one_and_opens_the_breaker),
        cmocka_unit_test(a_connection_that_is_lost_is_made_again),
        cmocka_unit_test(a_rider_comes_along_and_hears_its_own_answer),
        cmocka_unit_test(other_questions_go_their_own_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
