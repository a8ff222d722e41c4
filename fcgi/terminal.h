/*
 * terminal: asks a person for a new password.
 */
#ifndef FCGI_TERMINAL_H
#define FCGI_TERMINAL_H

/* From the terminal, twice and without echo; where stdin is none, its first line. NULL when there
 * is none or the two differ. Given back with terminal_forget. */
char *terminal_password(void);
/* Wipes and frees. */
void terminal_forget(char **password);

#endif
