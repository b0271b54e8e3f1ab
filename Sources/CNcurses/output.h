/* How bytes reach the terminal: a frame at once, and what ncurses has no name for past it. Apart from
   the shim, which is about what ncurses draws. */
#ifndef CNCURSES_OUTPUT_H
#define CNCURSES_OUTPUT_H
#include "shim.h"

static inline void nc_write_all(int descriptor, const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, text, length);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}
/* Writes bytes past ncurses: only between its own updates, when its buffer is empty. */
static inline void nc_write(const char *text) { nc_write_all(STDOUT_FILENO, text, strlen(text)); }
/* Where ncurses writes. It does so in pieces of a few bytes; a frame's pieces are gathered and sent at
   once, which costs a tenth of the time and reaches a distant terminal in one packet. */
struct nc_output {
  FILE *file;   /* ncurses' own descriptor, which nobody else writes to */
  int terminal; /* what it is but while a frame is gathered */
  int frame;    /* a file in memory */
};
static inline void nc_close_output(struct nc_output *output) {
  if (output->file) fclose(output->file);
  if (output->terminal >= 0) close(output->terminal);
  if (output->frame >= 0) close(output->frame);
}
static inline bool nc_open_output(struct nc_output *output) {
  int own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  output->file = own < 0 ? NULL : fdopen(own, "w");
  output->terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  output->frame = memfd_create("frame", MFD_CLOEXEC);
  if (output->file && output->terminal >= 0 && output->frame >= 0) return true;
  if (own >= 0 && !output->file) close(own);
  nc_close_output(output);
  return false;
}
/* doupdate() between two texts. */
static inline void nc_update(const struct nc_output *output, const char *begins, const char *ends) {
  lseek(output->frame, 0, SEEK_SET);
  nc_write_all(output->frame, begins, strlen(begins));
  dup3(output->frame, fileno(output->file), O_CLOEXEC);
  doupdate();
  dup3(output->terminal, fileno(output->file), O_CLOEXEC);
  nc_write_all(output->frame, ends, strlen(ends));
  off_t length = lseek(output->frame, 0, SEEK_CUR);
  char piece[16384];
  for (off_t sent = 0; sent < length;) {
    size_t wanted = sizeof piece < (size_t)(length - sent) ? sizeof piece : (size_t)(length - sent);
    ssize_t count = pread(output->frame, piece, wanted, sent);
    if (count <= 0) return;
    nc_write_all(STDOUT_FILENO, piece, (size_t)count);
    sent += count;
  }
}
#endif
