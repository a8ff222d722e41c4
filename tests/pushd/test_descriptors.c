/*
 * descriptors: the system's limit, in a child that has lowered its own.
 */
#include "suite.h"

#include <stonechat/settings.h>
#include <sys/resource.h>

#include "child.h"
#include "descriptors.h"

static struct child child;

struct given {
    int64_t connections;
    rlim_t soft, hard;
};

/* Prints what is said under such limits, and the soft one afterwards. */
static void start(void *context) {
    const struct given *given = context;
    struct rlimit limit = {given->soft, given->hard};
    struct sc_settings settings;
    char fault[512] = "";
    sc_settings_init(&settings);
    settings.push_connections = given->connections;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (descriptors_suffice(&settings, fault, sizeof fault)) {
        descriptors_raise(&settings);
    }
    getrlimit(RLIMIT_NOFILE, &limit);
    printf("%s%s%d", fault, fault[0] != '\0' ? " " : "", (int)limit.rlim_cur);
    sc_settings_deinit(&settings);
}

static void the_soft_limit_is_raised_as_far_as_needed(void **state) {
    (void)state;
    child_run(&child, start, &(struct given){100, 64, 1000});
    assert_string_equal(child.out, "228");
    child_run(&child, start, &(struct given){100, 500, 1000});
    assert_string_equal(child.out, "500");
    child_run(&child, start, &(struct given){100, 64, 228});
    assert_string_equal(child.out, "228");
}

static void a_hard_limit_that_is_too_low_is_told_with_what_to_do(void **state) {
    (void)state;
    child_run(&child, start, &(struct given){100, 64, 227});
    assert_string_equal(
        child.out, "push.connections: 100 of them need 228 descriptors, and a process may have 227 "
                   "here: raise that (LimitNOFILE= of the unit, ulimit -Hn of the shell), or lower "
                   "this 64");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_soft_limit_is_raised_as_far_as_needed),
        cmocka_unit_test(a_hard_limit_that_is_too_low_is_told_with_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
