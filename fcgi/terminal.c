/*
 * terminal: a password from stdin, kept from the screen.
 */
#include "terminal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

void terminal_forget(char **password) {
    if (*password) {
        sodium_memzero(*password, strlen(*password));
    }
    free(*password);
    *password = NULL;
}

static char *read_line(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t bytes = getline(&line, &room, stdin);
    if (bytes < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static char *ask(const char *prompt) {
    struct termios before, silent;
    tcgetattr(STDIN_FILENO, &before);
    silent = before;
    silent.c_lflag &= (tcflag_t)~ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent); /* first: what is typed ahead is dropped here */
    fputs(prompt, stderr);
    char *line = read_line();
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return line;
}

char *terminal_password(void) {
    if (!isatty(STDIN_FILENO)) {
        return read_line();
    }
    char *first = ask("New password: ");
    char *second = first ? ask("Once more: ") : NULL;
    bool same = second && strcmp(first, second) == 0;
    terminal_forget(&second);
    if (!same) {
        terminal_forget(&first);
    }
    return first;
}
