/*
 * wheel: deadlines of many things at once, to the second.
 *
 * Arming, disarming and firing cost the same however many there are. Time is monotonic; after a
 * pause (SIGSTOP, a laptop's sleep) everything that fell due meanwhile fires at once.
 */
#ifndef PUSHD_WHEEL_H
#define PUSHD_WHEEL_H

#include <stdint.h>
#include <sys/queue.h>

enum { WHEEL_SLOTS = 64 };

/* Embedded in whatever has a deadline, with `on_due` set once and the rest zero. */
struct wheel_entry {
    LIST_ENTRY(wheel_entry) link;
    void (*on_due)(struct wheel_entry *entry); /* gets it disarmed */
    uint32_t due;                              /* the second in which it fires; 0: not armed */
};

struct wheel {
    uint32_t now; /* seconds, from 1 */
    LIST_HEAD(wheel_slot, wheel_entry) slots[WHEEL_SLOTS];
};

void wheel_init(struct wheel *wheel);

/* Arms (anew) `entry` to fire between `seconds` and `seconds` + 1 from now. */
void wheel_arm(struct wheel *wheel, struct wheel_entry *entry, uint32_t seconds);
void wheel_disarm(struct wheel_entry *entry);

/* Goes on to the second `now`, firing what is due. */
void wheel_turn(struct wheel *wheel, uint32_t now);

#endif
