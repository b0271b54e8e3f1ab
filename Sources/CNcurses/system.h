/* The headers of the system, with what they have to know before they are read. */
#ifndef CNCURSES_SYSTEM_H
#define CNCURSES_SYSTEM_H
#define _GNU_SOURCE 1            /* memfd_create, dup3, wcwidth */
#define _XOPEN_SOURCE_EXTENDED 1 /* cchar_t, get_wch, setcchar */
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1 /* functions, not macros with short names */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <ncurses.h>
#include "CNcurses.h"

/* term.h defines hundreds of macros with short names, so its one function is declared here. */
extern char *tigetstr(const char *);
/* Codes of keys that ncurses is told of; its own, and those of a terminal's extensions after KEY_MAX,
   are below. */
enum { OWN_KEYS = 0x400 };
/* Where ncurses writes; NULL while it is not open. */
FILE *nc_output_file(void);
void nc_write_all(int descriptor, const char *text, size_t length);
#endif
