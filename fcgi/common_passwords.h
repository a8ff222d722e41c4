/*
 * common_passwords: common_passwords.txt, sorted, as the build embeds it.
 */
#ifndef FCGI_COMMON_PASSWORDS_H
#define FCGI_COMMON_PASSWORDS_H

#include <stddef.h>

extern const char *const common_passwords[];
extern const size_t common_passwords_count;

#endif
