/* Other programs on the terminal, and this one's own stopping. */
#include "system.h"

void nc_stop(bool whole_job) {
  struct sigaction plain, before;
  memset(&plain, 0, sizeof plain);
  plain.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &plain, &before);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  kill(whole_job ? 0 : getpid(), SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
  pthread_sigmask(SIG_BLOCK, &stop, NULL);
  sigaction(SIGTSTP, &before, NULL);
}

/* Starts a program in this process group with no signal blocked or ignored; whether it failed. */
static int start(pid_t *child, const posix_spawn_file_actions_t *actions,
                 char *const *arguments) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int failed = posix_spawnp(child, arguments[0], actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  return failed;
}

int nc_run(char *const *arguments) {
  pid_t child = 0;
  if (start(&child, NULL, arguments)) return 127;
  for (;;) {
    int status = 0;
    if (waitpid(child, &status, WUNTRACED) < 0) {
      if (errno == EINTR) continue;
      return 127;
    }
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    nc_stop(false);
    kill(child, SIGCONT);
  }
}

/* A socket rather than a pipe: who does not read raises no signal. */
int nc_feed(char *const *arguments, const void *bytes, size_t count) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return 127;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  int failed = start(&child, &actions, arguments);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  while (!failed && count > 0) {
    ssize_t sent = send(ends[0], bytes, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) break;
    bytes = (const char *)bytes + sent;
    count -= (size_t)sent;
  }
  close(ends[0]);
  int status = 0;
  while (!failed && waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 127;
  return failed || !WIFEXITED(status) ? 127 : WEXITSTATUS(status);
}
