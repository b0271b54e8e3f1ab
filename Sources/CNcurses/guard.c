/* Brings the terminal back when the process dies by a fault or leaves without closing it. */
#include "system.h"

enum { GUARDED = 7 };
static const int guarded_signals[GUARDED] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE,
                                             SIGABRT, SIGTRAP, SIGQUIT};
static struct {
  struct sigaction before[GUARDED];
  struct termios modes;
  char text[512];
  volatile sig_atomic_t length; /* 0 = there is nothing to bring back */
  bool is_installed;
} guard;

/* Only calls that POSIX allows in a signal handler: write, tcsetattr, sigaction, raise. */
static void restore(void) {
  size_t length = (size_t)guard.length;
  if (length == 0) return;
  guard.length = 0;
  ssize_t written = write(STDOUT_FILENO, guard.text, length);
  (void)written;
  tcsetattr(STDIN_FILENO, TCSANOW, &guard.modes);
}

static void handle(int number, siginfo_t *info, void *context) {
  (void)context;
  restore();
  for (int index = 0; index < GUARDED; index++)
    if (guarded_signals[index] == number) sigaction(number, &guard.before[index], NULL);
  /* A fault comes again by itself when the handler returns, with its address. */
  if (info == NULL || info->si_code <= 0) raise(number);
}

static void add(const char *text) {
  if (text == NULL || text == (char *)-1) return;
  size_t length = strlen(guard.text);
  if (length + strlen(text) < sizeof guard.text) strcat(guard.text, text);
}

void nc_guard_remember(void) { tcgetattr(STDIN_FILENO, &guard.modes); }

void nc_guard_arm(const char *modes_off) {
  guard.text[0] = 0;
  add(modes_off);
  const char *names[] = {"sgr0", "rmkx", "cnorm", "rmcup"};
  for (int index = 0; index < 4; index++) add(tigetstr(names[index]));
  guard.length = (sig_atomic_t)strlen(guard.text);
  if (guard.is_installed) return;
  guard.is_installed = true;
  atexit(restore);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int index = 0; index < GUARDED; index++)
    sigaction(guarded_signals[index], &action, &guard.before[index]);
}

void nc_guard_disarm(void) { guard.length = 0; }
