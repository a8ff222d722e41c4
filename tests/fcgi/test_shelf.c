/* shelf: files by id, moved there and removed. */
#include "suite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shelf.h"

#define ID "r5y8c1m4v7b0n3ka"

struct fixture {
    char dir[64];
    char shelf[80], spooled[80], place[128];
    int descriptor;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/shelf-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->shelf, sizeof f->shelf, "%s/files", f->dir);
    snprintf(f->spooled, sizeof f->spooled, "%s/spooled", f->dir);
    snprintf(f->place, sizeof f->place, "%s/r5/y8/%s", f->shelf, ID);
    f->descriptor = open(f->spooled, O_RDWR | O_CREAT, 0600);
    assert_int_equal(write(f->descriptor, "text", 4), 4);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", f->dir);
    close(f->descriptor);
    int status = system(command);
    free(f);
    return status;
}

static void a_file_is_two_folders_deep(void **state) {
    (void)state;
    char place[SHELF_PLACE_MAX];
    shelf_place(ID, place);
    assert_string_equal(place, "r5/y8/" ID);
    shelf_place("abcdefghijklmnopqrstuvwxyz012345", place);
    assert_string_equal(place, "ab/cd/abcdefghijklmnopqrstuvwxyz012345");
}

static void what_is_put_is_the_very_same_file(void **state) {
    struct fixture *f = *state;
    struct stat before, after;
    assert_int_equal(fstat(f->descriptor, &before), 0);
    assert_int_equal(shelf_put(f->shelf, ID, f->spooled, f->descriptor), SC_OK);
    assert_int_equal(stat(f->place, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(access(f->spooled, F_OK), -1);
}

static void folders_that_are_there_are_used(void **state) {
    struct fixture *f = *state;
    assert_int_equal(shelf_put(f->shelf, ID, f->spooled, f->descriptor), SC_OK);
    int other = open(f->spooled, O_RDWR | O_CREAT, 0600);
    assert_int_equal(shelf_put(f->shelf, "r5y8zzzzzzzzzzzz", f->spooled, other), SC_OK);
    close(other);
    assert_int_equal(access(f->place, F_OK), 0);
}

static void what_can_not_be_moved_stays(void **state) {
    struct fixture *f = *state;
    assert_int_equal(shelf_put("/dev/null/files", ID, f->spooled, f->descriptor), SC_INTERNAL);
    assert_int_equal(shelf_put("/nowhere/to/be/found", ID, f->spooled, f->descriptor), SC_INTERNAL);
    assert_int_equal(access(f->spooled, F_OK), 0);
}

static void dropping_twice_is_as_dropping_once(void **state) {
    struct fixture *f = *state;
    assert_true(shelf_drop(f->shelf, ID));
    assert_false(shelf_has(f->shelf, ID));
    assert_int_equal(shelf_put(f->shelf, ID, f->spooled, f->descriptor), SC_OK);
    assert_true(shelf_has(f->shelf, ID));
    assert_true(shelf_drop(f->shelf, ID));
    assert_int_equal(access(f->place, F_OK), -1);
    assert_true(shelf_drop(f->shelf, ID));
}

#define FIXED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        FIXED(a_file_is_two_folders_deep),         FIXED(what_is_put_is_the_very_same_file),
        FIXED(folders_that_are_there_are_used),    FIXED(what_can_not_be_moved_stays),
        FIXED(dropping_twice_is_as_dropping_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
