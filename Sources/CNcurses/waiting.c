/* Waiting for keys, signals and other threads at once: signals are read, never handled. */
#include "system.h"

static void owned_signals(sigset_t *set) {
  sigemptyset(set);
  const int owned[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
  for (size_t index = 0; index < sizeof owned / sizeof *owned; index++)
    sigaddset(set, owned[index]);
}

void nc_block_signals(void) {
  sigset_t set;
  owned_signals(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int nc_signal_descriptor(void) {
  sigset_t set;
  owned_signals(&set);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int nc_next_signal(int descriptor) {
  struct signalfd_siginfo info;
  return read(descriptor, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

int nc_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void nc_wake(int descriptor) {
  uint64_t one = 1;
  ssize_t written = write(descriptor, &one, sizeof one);
  (void)written; /* EAGAIN: it is awake already. */
}

bool nc_was_woken(int descriptor) {
  uint64_t count;
  return read(descriptor, &count, sizeof count) == sizeof count;
}

int nc_wait(int wake, int signals, int timeout_ms) {
  struct pollfd watched[3] = {
      {STDIN_FILENO, POLLIN, 0}, {wake, POLLIN, 0}, {signals, POLLIN, 0}};
  int ready = poll(watched, 3, timeout_ms);
  if (ready <= 0) return 0;
  /* POLLIN comes with it, for the end that can be read: nothing else will ever be there. */
  if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) return -1;
  return 1;
}
