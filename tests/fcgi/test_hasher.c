/* hasher: Argon2id, by few at a time. */
#include "suite.h"

#include <pthread.h>
#include <sodium.h>

#include "hasher.h"

static void a_hash_is_argon2id_and_proves_its_password_alone(void **state) {
    (void)state;
    struct hasher hasher;
    char hash[HASHER_HASH_MAX], again[HASHER_HASH_MAX];
    hasher_init(&hasher, 1, 0, 4);
    assert_int_equal(hasher_hash(&hasher, "secret", 6, hash), SC_OK);
    assert_int_equal(hasher_hash(&hasher, "secret", 6, again), SC_OK);
    assert_memory_equal(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_string_not_equal(hash, again);
    assert_int_equal(hasher_verify(&hasher, hash, "secret", 6), SC_OK);
    assert_int_equal(hasher_verify(&hasher, hash, "secret", 5), SC_BAD_CREDENTIALS);
    assert_int_equal(hasher_verify(&hasher, hash, "Secret", 6), SC_BAD_CREDENTIALS);
    assert_int_equal(hasher_verify(&hasher, "", "secret", 6), SC_BAD_CREDENTIALS);
    hasher_deinit(&hasher);
}

static void a_long_password_is_not_cut(void **state) {
    (void)state;
    struct hasher hasher;
    char hash[HASHER_HASH_MAX], password[1024];
    memset(password, 'p', sizeof password);
    hasher_init(&hasher, 1, 0, 4);
    assert_int_equal(hasher_hash(&hasher, password, sizeof password, hash), SC_OK);
    assert_int_equal(hasher_verify(&hasher, hash, password, sizeof password), SC_OK);
    assert_int_equal(hasher_verify(&hasher, hash, password, sizeof password - 1),
                     SC_BAD_CREDENTIALS);
    assert_int_equal(hasher_verify(&hasher, hash, password, 72), SC_BAD_CREDENTIALS);
    hasher_deinit(&hasher);
}

static void a_hash_of_less_effort_is_outdated(void **state) {
    (void)state;
    struct hasher hasher;
    char hash[HASHER_HASH_MAX];
    hasher_init(&hasher, 1, 0, 4);
    assert_int_equal(hasher_hash(&hasher, "secret", 6, hash), SC_OK);
    assert_false(hasher_is_outdated(hash));
    assert_int_equal(crypto_pwhash_str(hash, "secret", 6, 1, 1 << 20), 0);
    assert_true(hasher_is_outdated(hash));
    assert_int_equal(hasher_verify(&hasher, hash, "secret", 6), SC_OK);
    hasher_deinit(&hasher);
}

static const struct {
    size_t at_once, queue, threads;
    size_t places;
} sizes[] = {
    {2, 8, 16, 10}, {1, 0, 16, 1}, {2, 512, 16, 12}, {64, 512, 8, 6},
    {2, 8, 4, 3},   {2, 8, 3, 2},  {2, 8, 2, 1},     {2, 8, 1, 1},
};

static void places_are_bounded_and_leave_threads_for_others(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(sizes); i++) {
        struct hasher hasher;
        size_t taken = 0;
        hasher_init(&hasher, sizes[i].at_once, sizes[i].queue, sizes[i].threads);
        while (hasher_enter(&hasher) == SC_OK) {
            taken++;
        }
        assert_int_equal(taken, sizes[i].places);
        assert_true(taken < sizes[i].threads || sizes[i].threads == 1);
        assert_int_equal(hasher_enter(&hasher), SC_BUSY);
        hasher_leave(&hasher);
        assert_int_equal(hasher_enter(&hasher), SC_OK);
        hasher_deinit(&hasher);
    }
}

static struct hasher shared;

static void *hash_one(void *context) {
    char hash[HASHER_HASH_MAX];
    *(enum sc_error *)context = hasher_hash(&shared, "secret", 6, hash);
    return NULL;
}

static size_t running_now(void) {
    pthread_mutex_lock(&shared.lock);
    size_t running = shared.running;
    pthread_mutex_unlock(&shared.lock);
    return running;
}

static void no_more_than_few_hash_at_once_and_the_others_get_their_turn(void **state) {
    (void)state;
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    enum sc_error errors[THREADS];
    size_t most = 0;
    hasher_init(&shared, 2, 8, 16);
    for (int i = 0; i < THREADS; i++) {
        errors[i] = SC_INTERNAL;
        pthread_create(&threads[i], NULL, hash_one, &errors[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        while (pthread_tryjoin_np(threads[i], NULL) != 0) {
            size_t running = running_now();
            most = running > most ? running : most;
        }
        assert_int_equal(errors[i], SC_OK);
    }
    assert_int_equal(most, 2);
    assert_int_equal(shared.running, 0);
    hasher_deinit(&shared);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_argon2id_and_proves_its_password_alone),
        cmocka_unit_test(a_long_password_is_not_cut),
        cmocka_unit_test(a_hash_of_less_effort_is_outdated),
        cmocka_unit_test(places_are_bounded_and_leave_threads_for_others),
        cmocka_unit_test(no_more_than_few_hash_at_once_and_the_others_get_their_turn),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
