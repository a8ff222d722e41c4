/* session_cache: what is found, for how long, and what is forgotten. */
#include "suite.h"

#include "session_cache.h"

enum { KEEP_MS = 5000, LONG_MS = 1000000, NOW = 100000 };

struct fixture {
    struct session_cache cache;
    struct sc_token token;
    struct user user;
};

static struct sc_token token_of(const char *user, const char *session) {
    struct sc_token token;
    snprintf(token.user, sizeof token.user, "%s", user);
    snprintf(token.session, sizeof token.session, "%s", session);
    memset(token.hash, 'a', SC_HASH_CHARS);
    token.hash[SC_HASH_CHARS] = '\0';
    return token;
}

static struct user user_of(const char *id) {
    static char text[] = "x";
    struct user user = {.name = text, .display = text, .role = text, .about = text, .status = text};
    snprintf(user.id, sizeof user.id, "%s", id);
    return user;
}

static int set_up(void **state) {
    static struct fixture f;
    session_cache_init(&f.cache, KEEP_MS);
    f.token = token_of("ada", "one");
    f.user = user_of("ada");
    session_cache_prove(&f.cache, NOW);
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    session_cache_deinit(&f->cache);
    return 0;
}

static void keep(struct fixture *f, const struct sc_token *token, int64_t good_ms) {
    struct user user = user_of(token->user);
    unsigned ticket = session_cache_ticket(&f->cache, token->user);
    session_cache_keep(&f->cache, token, &user, ticket, NOW, good_ms);
}

static bool finds(struct fixture *f, const struct sc_token *token, int64_t now_ms) {
    struct user user;
    if (!session_cache_find(&f->cache, token, now_ms, &user)) {
        return false;
    }
    assert_string_equal(user.id, token->user);
    user_deinit(&user);
    return true;
}

static bool finds_proven(struct fixture *f, int64_t now_ms) {
    session_cache_prove(&f->cache, now_ms);
    return finds(f, &f->token, now_ms);
}

static void what_was_confirmed_is_found_for_as_long_as_is_kept(void **state) {
    struct fixture *f = *state;
    assert_false(finds(f, &f->token, NOW));
    keep(f, &f->token, LONG_MS);
    assert_true(finds_proven(f, NOW));
    assert_true(finds_proven(f, NOW + KEEP_MS - 1));
    assert_false(finds_proven(f, NOW + KEEP_MS));
}

static void a_session_that_ends_sooner_is_found_no_longer_than_that(void **state) {
    struct fixture *f = *state;
    keep(f, &f->token, 100);
    assert_true(finds(f, &f->token, NOW + 99));
    assert_false(finds(f, &f->token, NOW + 100));
}

static void another_secret_or_session_or_user_finds_nothing(void **state) {
    struct fixture *f = *state;
    struct sc_token secret = f->token, session = token_of("ada", "two"),
                    user = token_of("bob", "one");
    secret.hash[SC_HASH_CHARS - 1] = 'b';
    keep(f, &f->token, LONG_MS);
    assert_false(finds(f, &secret, NOW));
    assert_false(finds(f, &session, NOW));
    assert_false(finds(f, &user, NOW));
}

static void a_user_who_is_forgotten_is_forgotten_on_all_devices_and_nobody_else(void **state) {
    struct fixture *f = *state;
    struct sc_token two = token_of("ada", "two"), bob = token_of("bob", "one");
    keep(f, &f->token, LONG_MS);
    keep(f, &two, LONG_MS);
    keep(f, &bob, LONG_MS);
    session_cache_forget(&f->cache, "ada");
    assert_false(finds(f, &f->token, NOW));
    assert_false(finds(f, &two, NOW));
    assert_true(finds(f, &bob, NOW));
}

static void what_was_forgotten_while_redis_was_asked_is_not_kept(void **state) {
    struct fixture *f = *state;
    unsigned ticket = session_cache_ticket(&f->cache, "ada");
    session_cache_forget(&f->cache, "ada");
    session_cache_keep(&f->cache, &f->token, &f->user, ticket, NOW, LONG_MS);
    assert_false(finds(f, &f->token, NOW));
}

static void nothing_is_found_without_a_fresh_proof(void **state) {
    struct fixture *f = *state;
    keep(f, &f->token, LONG_MS);
    assert_true(finds(f, &f->token, NOW + SESSION_PROOF_MS));
    assert_false(finds(f, &f->token, NOW + SESSION_PROOF_MS + 1));
    assert_true(finds_proven(f, NOW + SESSION_PROOF_MS + 1)); /* it has heard all the while */
}

static void what_was_kept_while_nobody_listened_is_never_found(void **state) {
    struct fixture *f = *state;
    unsigned ticket = session_cache_ticket(&f->cache, "ada");
    session_cache_doubt(&f->cache);
    keep(f, &f->token, LONG_MS);
    assert_false(finds(f, &f->token, NOW));
    assert_false(finds_proven(f, NOW));
    session_cache_keep(&f->cache, &f->token, &f->user, ticket, NOW, LONG_MS);
    assert_false(finds_proven(f, NOW));
    keep(f, &f->token, LONG_MS);
    assert_true(finds_proven(f, NOW));
}

static void one_device_too_many_takes_the_place_of_the_one_that_ends_first(void **state) {
    struct fixture *f = *state;
    char name[16];
    for (int i = 0; i <= SESSION_CACHE_WAYS; i++) {
        snprintf(name, sizeof name, "s%d", i);
        struct sc_token token = token_of("ada", name);
        keep(f, &token, 100 + i);
    }
    for (int i = 0; i <= SESSION_CACHE_WAYS; i++) {
        snprintf(name, sizeof name, "s%d", i);
        struct sc_token token = token_of("ada", name);
        assert_case(finds(f, &token, NOW) == (i > 0), name);
    }
}

static void without_time_to_keep_it_remembers_nothing(void **state) {
    (void)state;
    struct fixture f = {.token = token_of("ada", "one")};
    session_cache_init(&f.cache, 0);
    keep(&f, &f.token, LONG_MS);
    assert_false(finds(&f, &f.token, NOW));
    session_cache_forget(&f.cache, "ada");
    session_cache_forget(NULL, "ada");
    session_cache_deinit(&f.cache);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_was_confirmed_is_found_for_as_long_as_is_kept),
        TEST(a_session_that_ends_sooner_is_found_no_longer_than_that),
        TEST(another_secret_or_session_or_user_finds_nothing),
        TEST(a_user_who_is_forgotten_is_forgotten_on_all_devices_and_nobody_else),
        TEST(what_was_forgotten_while_redis_was_asked_is_not_kept),
        TEST(nothing_is_found_without_a_fresh_proof),
        TEST(what_was_kept_while_nobody_listened_is_never_found),
        TEST(one_device_too_many_takes_the_place_of_the_one_that_ends_first),
        cmocka_unit_test(without_time_to_keep_it_remembers_nothing),
    };
    return cmocka_run_group_tests_name("fcgi/session_cache", tests, NULL, NULL);
}
