/* How bytes reach the terminal. ncurses writes in pieces of a few bytes; a frame's pieces are gathered
   and sent at once, which costs a tenth of the time and reaches a distant terminal in one packet. */
#include "system.h"

/* One of each, as there is one stdscr. */
static struct {
  FILE *file;   /* ncurses' own descriptor, which nobody else writes to */
  int terminal; /* what it is but while a frame is gathered */
  int frame;    /* a file in memory */
} output = {NULL, -1, -1};

FILE *nc_output_file(void) { return output.file; }

void nc_write_all(int descriptor, const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, text, length);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}

void nc_write(const char *text) { nc_write_all(STDOUT_FILENO, text, strlen(text)); }

void nc_close_output(void) {
  if (output.file) fclose(output.file);
  if (output.terminal >= 0) close(output.terminal);
  if (output.frame >= 0) close(output.frame);
  output.file = NULL;
  output.terminal = output.frame = -1;
}

bool nc_open_output(void) {
  int own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  output.file = own < 0 ? NULL : fdopen(own, "w");
  output.terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  output.frame = memfd_create("frame", MFD_CLOEXEC);
  if (output.file && output.terminal >= 0 && output.frame >= 0) return true;
  if (own >= 0 && !output.file) close(own);
  nc_close_output();
  return false;
}

void nc_update(const char *begins, const char *ends) {
  wnoutrefresh(stdscr);
  lseek(output.frame, 0, SEEK_SET);
  nc_write_all(output.frame, begins, strlen(begins));
  dup3(output.frame, fileno(output.file), O_CLOEXEC);
  doupdate();
  dup3(output.terminal, fileno(output.file), O_CLOEXEC);
  nc_write_all(output.frame, ends, strlen(ends));
  off_t length = lseek(output.frame, 0, SEEK_CUR);
  char piece[16384];
  for (off_t sent = 0; sent < length;) {
    size_t wanted = sizeof piece < (size_t)(length - sent) ? sizeof piece : (size_t)(length - sent);
    ssize_t count = pread(output.frame, piece, wanted, sent);
    if (count <= 0) return;
    nc_write_all(STDOUT_FILENO, piece, (size_t)count);
    sent += count;
  }
}
