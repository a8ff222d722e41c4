/*
 * usdt: a place in the program that a tracer (bpftrace, perf, gdb, SystemTap) can watch while it
 * runs: one `nop`, and a note in the binary that says where it stands and where its arguments are
 * (https://sourceware.org/systemtap/wiki/UserSpaceProbeImplementation).
 *
 * <sys/sdt.h> would do the same for any arguments; Debian has it only in a package that brings all
 * of Python along. Ours are always four of 64 bits (on a machine that has them), for which these
 * lines are enough.
 */
#ifndef PUSHD_USDT_H
#define PUSHD_USDT_H

#ifdef __LP64__
/* `semaphore`: an unsigned short in the section .probes, which tracers count up while they watch.
 */
#define USDT(provider, name, semaphore, a, b, c, d)                                                \
    __asm__ volatile("990: nop\n"                                                                  \
                     ".pushsection .note.stapsdt,\"\",\"note\"\n"                                  \
                     ".balign 4\n"                                                                 \
                     ".4byte 992f-991f, 994f-993f, 3\n"                                            \
                     "991: .asciz \"stapsdt\"\n"                                                   \
                     "992: .balign 4\n"                                                            \
                     "993: .8byte 990b\n"                                                          \
                     ".8byte _.stapsdt.base\n"                                                     \
                     ".8byte " #semaphore "\n"                                                     \
                     ".asciz \"" #provider "\"\n"                                                  \
                     ".asciz \"" #name "\"\n"                                                      \
                     ".asciz \"8@%0 8@%1 8@%2 8@%3\"\n"                                            \
                     "994: .balign 4\n"                                                            \
                     ".popsection\n"                                                               \
                     ".ifndef _.stapsdt.base\n"                                                    \
                     ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"       \
                     ".weak _.stapsdt.base\n"                                                      \
                     ".hidden _.stapsdt.base\n"                                                    \
                     "_.stapsdt.base: .space 1\n"                                                  \
                     ".size _.stapsdt.base, 1\n"                                                   \
                     ".popsection\n"                                                               \
                     ".endif\n"                                                                    \
                     :                                                                             \
                     : "r"(a), "r"(b), "r"(c), "r"(d))
#else
#define USDT(provider, name, semaphore, a, b, c, d) ((void)(a), (void)(b), (void)(c), (void)(d))
#endif

#endif
