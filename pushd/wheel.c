/*
 * wheel: a slot a second, WHEEL_SLOTS of them; what is due later than one turn stays where it is
 * for as many turns as it needs (see wheel.h).
 */
#include "wheel.h"

#include <stddef.h>

void wheel_init(struct wheel *wheel) {
    wheel->now = 1;
    for (int i = 0; i < WHEEL_SLOTS; i++) {
        LIST_INIT(&wheel->slots[i]);
    }
}

void wheel_arm(struct wheel *wheel, struct wheel_entry *entry, uint32_t seconds) {
    wheel_disarm(entry);
    entry->due = wheel->now + seconds + 1;
    LIST_INSERT_HEAD(&wheel->slots[entry->due % WHEEL_SLOTS], entry, link);
}

void wheel_disarm(struct wheel_entry *entry) {
    if (entry->due != 0) {
        LIST_REMOVE(entry, link);
        entry->due = 0;
    }
}

/* What is due is set apart first: firing may arm and disarm any entry, and who is not due yet is
 * looked at once. */
static void fire_slot(const struct wheel *wheel, struct wheel_slot *slot) {
    struct wheel_slot due = LIST_HEAD_INITIALIZER(due);
    struct wheel_entry *entry, *next;
    for (entry = LIST_FIRST(slot); entry != NULL; entry = next) {
        next = LIST_NEXT(entry, link);
        if (entry->due <= wheel->now) {
            LIST_REMOVE(entry, link);
            LIST_INSERT_HEAD(&due, entry, link);
        }
    }
    while ((entry = LIST_FIRST(&due)) != NULL) {
        wheel_disarm(entry);
        entry->on_due(entry);
    }
}

/* What is armed anew while it fires counts from the new second, however long the jump. */
void wheel_turn(struct wheel *wheel, uint32_t now) {
    uint32_t second = wheel->now;
    if (now > second + WHEEL_SLOTS) {
        second = now - WHEEL_SLOTS;
    }
    wheel->now = now > wheel->now ? now : wheel->now;
    while (second < now) {
        second++;
        fire_slot(wheel, &wheel->slots[second % WHEEL_SLOTS]);
    }
}
