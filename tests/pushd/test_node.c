/*
 * node: beats, being over, and clearing away the dead, without Redis.
 */
#include "suite.h"

#include "fake_presence.h"
#include "node.h"

uint64_t table_seed = 1;

static struct event_base *base;
static struct wheel wheel;
static struct node node;
static char slot[SC_ID_MAX + 1];
static unsigned renewed, gone;
static char *large = (char *)" ";

static void on_renewed(void *context) {
    (void)context;
    renewed++;
}

static void on_gone(void *context, const char *user, const struct store_leave *leave) {
    (void)context;
    assert_string_equal(user, told.user);
    assert_int_equal(leave->rooms_count, 1);
    gone++;
}

static const struct node_events events = {on_renewed, on_gone};

static int set_up(void **state) {
    (void)state;
    memset(&told, 0, sizeof told);
    memset(slot, 0, sizeof slot);
    renewed = gone = 0;
    base = event_base_new();
    wheel_init(&wheel);
    node_init(&node, base, NULL, &wheel, slot, &events, NULL);
    node.large = &large;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    node_deinit(&node);
    event_base_free(base);
    return 0;
}

static void pass(uint32_t seconds) {
    for (uint32_t i = 0; i < seconds; i++) {
        wheel_turn(&wheel, wheel.now + 1);
        event_base_loop(base, EVLOOP_NONBLOCK);
    }
}

static void it_beats_as_often_as_the_others_expect(void **state) {
    (void)state;
    node_on_store_up(&node);
    assert_int_equal(told.beats, 1);
    assert_true(told.fresh);
    fake_beat(false, "+x", "");
    pass(10 * SC_NODE_BEAT_S);
    assert_int_equal(told.beats, 11);
    assert_false(told.fresh);
    assert_string_equal(told.node, slot);
    assert_int_equal(renewed, 0);
}

static void what_it_is_told_of_the_others_is_kept_until_the_next_time(void **state) {
    (void)state;
    assert_string_equal(node.known, "");
    node_on_store_up(&node);
    fake_beat(false, "+x~y", "");
    assert_string_equal(node.known, "+x~y");
    fake_beat(false, "+x", "");
    assert_string_equal(node.known, "+x");
    told.on_beat(SC_UNAVAILABLE, &(struct store_beat){.known = "", .dead = ""}, told.beat_context);
    assert_string_equal(node.known, "+x");
}

static void the_one_before_it_in_its_place_is_over_at_once(void **state) {
    node_deinit(&node);
    strcpy(slot, "before");
    node_init(&node, base, NULL, &wheel, slot, &events, NULL);
    node.large = &large;
    (void)state;
    assert_string_not_equal(slot, "before");
    node_on_store_up(&node);
    assert_string_equal(told.predecessor, "before");
    fake_beat(false, "+x~before", "");
    pass(SC_NODE_BEAT_S);
    assert_string_equal(told.predecessor, "");
}

static void it_is_another_one_when_its_link_was_lost_or_it_was_silent(void **state) {
    (void)state;
    char before[SC_ID_MAX + 1];
    node_on_store_up(&node);
    fake_beat(false, "+x", "");
    strcpy(before, node.id);
    node_on_store_up(&node);
    assert_int_equal(renewed, 1);
    assert_string_not_equal(node.id, before);
    assert_string_equal(told.predecessor, before);
    assert_true(told.fresh);
    strcpy(before, node.id);
    fake_beat(true, "", "");
    assert_int_equal(renewed, 2);
    assert_string_not_equal(node.id, before);
    assert_int_equal(node.serial, 3);
}

/* The answer that its old self gets comes too late to matter. */
static void an_answer_for_the_node_that_it_was_is_nothing(void **state) {
    (void)state;
    node_on_store_up(&node);
    node_end(&node);
    fake_beat(true, "", "");
    assert_int_equal(renewed, 0);
    assert_int_equal(told.ends, 1);
    pass(3 * SC_NODE_BEAT_S);
    assert_int_equal(told.beats, 1);
}

static void users_are_noted_together(void **state) {
    (void)state;
    node_add(&node, "anna");
    node_add(&node, "bob");
    node_remove(&node, "eve");
    assert_int_equal(told.adds + told.removes, 0);
    pass(1);
    assert_int_equal(told.adds, 1);
    assert_int_equal(told.removes, 1);
    assert_string_equal(told.user, "bob"); /* who comes goes last */
}

static void find_dead(const char *const *users, size_t count) {
    node_on_store_up(&node);
    fake_beat(false, "+x~dead", "dead");
    assert_string_equal(told.node, "dead");
    told.on_some(SC_OK, users, count, told.some_context);
}

static void the_dead_are_cleared_away(void **state) {
    static const char *const users[] = {"anna"};
    (void)state;
    find_dead(users, 1);
    assert_int_equal(told.leaves, 1);
    assert_true(told.last == UINT64_MAX);
    assert_string_equal(told.node, "dead");
    fake_beat(false, "+x~other", "other"); /* one at a time */
    assert_string_equal(told.node, "dead");
    fake_leave(SC_OK, true);
    assert_int_equal(gone, 1);
    assert_int_equal(told.removes, 1);
    assert_int_equal(told.forgets, 0);
    told.on_some(SC_OK, users, 0, told.some_context);
    assert_int_equal(told.forgets, 1);
    assert_string_equal(told.node, "dead");
    fake_beat(false, "+x~other", "other");
    assert_string_equal(told.node, "other");
}

static void what_could_not_be_cleared_away_is_left_to_the_next(void **state) {
    static const char *const users[] = {"anna"};
    (void)state;
    find_dead(users, 1);
    told.on_some = NULL;
    fake_leave(SC_UNAVAILABLE, false);
    assert_null(told.on_some); /* nobody goes on */
    assert_int_equal(told.removes + told.forgets, 0);
    fake_beat(false, "+x~dead", "dead");
    told.on_some(SC_UNAVAILABLE, NULL, 0, told.some_context);
    assert_int_equal(told.removes + told.forgets, 0);
    fake_beat(false, "+x~dead", "dead");
    told.on_some(SC_OK, users, 0, told.some_context);
    assert_int_equal(told.forgets, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_beats_as_often_as_the_others_expect),
        TEST(what_it_is_told_of_the_others_is_kept_until_the_next_time),
        TEST(the_one_before_it_in_its_place_is_over_at_once),
        TEST(it_is_another_one_when_its_link_was_lost_or_it_was_silent),
        TEST(an_answer_for_the_node_that_it_was_is_nothing),
        TEST(users_are_noted_together),
        TEST(the_dead_are_cleared_away),
        TEST(what_could_not_be_cleared_away_is_left_to_the_next),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
