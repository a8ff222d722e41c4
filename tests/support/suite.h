/*
 * suite: what every cmocka suite includes, in the order that cmocka asks for.
 */
#ifndef SUITE_H
#define SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Fails the test with a word about which case of a table it was. */
#define assert_case(condition, name)                                                               \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fail_msg("%s: not %s", name, #condition);                                              \
        }                                                                                          \
    } while (0)

#endif
