/*
 * publisher: orders with holes, filled in and sent (see publisher.h).
 */
#include "publisher.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"

/* --- reading the orders --- */

static char *read_all(const char *path, size_t *count_out) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        err(2, "%s", path);
    }
    fseek(file, 0, SEEK_END);
    size_t count = (size_t)ftell(file);
    char *bytes = malloc(count + 1);
    rewind(file);
    if (fread(bytes, 1, count, file) != count) {
        err(2, "%s", path);
    }
    fclose(file);
    bytes[count] = '\0';
    *count_out = count;
    return bytes;
}

static struct order order_of(char *bytes, size_t count) {
    struct order order = {.bytes = bytes, .count = count};
    for (char *at = bytes; (at = memmem(at, (size_t)(bytes + count - at), MARK, MARK_BYTES));) {
        at += MARK_BYTES;
        if (order.holes_count == HOLES_MAX) {
            errx(2, "an order with more than %d marks", HOLES_MAX);
        }
        order.holes[order.holes_count++] = (size_t)(at - bytes);
    }
    return order;
}

void publisher_init(struct publisher *publisher, const struct address *to) {
    *publisher = (struct publisher){.fd = address_connect(to, 0)};
    if (publisher->fd < 0) {
        err(1, "where orders go");
    }
}

/* Goes on counting where the order before it has stopped. */
static void put_order(struct publisher *publisher, unsigned index, struct order order) {
    if (index < publisher->count) {
        order.number = publisher->orders[index].number;
    } else {
        publisher->count++;
        publisher->orders =
            realloc(publisher->orders, publisher->count * sizeof *publisher->orders);
    }
    publisher->orders[index] = order;
}

void publisher_read(struct publisher *publisher, const char *path) {
    size_t count, bytes;
    unsigned index = 0;
    char *at = read_all(path, &count);
    for (const char *end = at + count; at < end; at += bytes) {
        bytes = strtoul(at, &at, 10);
        if (*at++ != '\n' || bytes > (size_t)(end - at)) {
            errx(2, "%s: an order's length, a newline and the order are wanted", path);
        }
        if (bytes > sizeof publisher->wire) {
            errx(2, "%s: an order of %zu bytes", path, bytes);
        }
        put_order(publisher, index++, order_of(at, bytes));
    }
    if (index < publisher->count) {
        errx(2, "%s: fewer orders than before", path);
    }
}

/* --- sending --- */

static void put_digits(char *at, unsigned count, uint64_t value) {
    while (count > 0) {
        at[--count] = (char)('0' + value % 10);
        value /= 10;
    }
}

static void fill(struct order *order, uint64_t sent_ns) {
    for (unsigned i = 0; i < order->holes_count; i++) {
        char *hole = order->bytes + order->holes[i];
        put_digits(hole, MARK_TIME_DIGITS, sent_ns);
        put_digits(hole + MARK_TIME_DIGITS + 1, MARK_NUMBER_DIGITS, ++order->number);
    }
}

static void flush(struct publisher *publisher) {
    address_write(publisher->fd, publisher->wire, publisher->bytes);
    publisher->bytes = 0;
}

void publisher_send(struct publisher *publisher, uint64_t sent_ns, unsigned count) {
    while (count-- > 0) {
        struct order *order = &publisher->orders[publisher->next];
        publisher->next = (publisher->next + 1) % publisher->count;
        fill(order, sent_ns);
        if (publisher->bytes + order->count > sizeof publisher->wire) {
            flush(publisher);
        }
        memcpy(publisher->wire + publisher->bytes, order->bytes, order->count);
        publisher->bytes += order->count;
        publisher->published += order->holes_count;
    }
    flush(publisher);
}

/* --- what is answered: -ERR of Redis, or a status that isn't 2xx --- */

static bool is_refusal(const char *answer) {
    return answer[0] == '-' || (strncmp(answer, "HTTP/1.1 ", 9) == 0 && answer[9] != '2');
}

void publisher_hear(struct publisher *publisher) {
    char answer[1 << 14];
    ssize_t bytes;
    while ((bytes = recv(publisher->fd, answer, sizeof answer - 1, MSG_DONTWAIT)) > 0) {
        answer[bytes] = '\0';
        if (is_refusal(answer)) {
            errx(1, "an order was refused: %.300s", answer);
        }
    }
    if (bytes == 0) {
        errx(1, "whoever takes the orders has gone");
    }
}
