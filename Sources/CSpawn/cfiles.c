/* File system calls that glibc does not wrap, or that are variadic. */
#define _GNU_SOURCE
#include "cspawn.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int cs_open_beneath(int dirfd, const char *path, int flags, mode_t mode) {
  struct open_how how;
  memset(&how, 0, sizeof how);
  how.flags = (uint64_t)(flags | O_CLOEXEC);
  how.mode = flags & O_CREAT ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  long fd;
  /* EAGAIN: something was renamed meanwhile, so the kernel could not prove containment. */
  int tries = 0;
  do fd = syscall(SYS_openat2, dirfd, path, &how, sizeof how);
  while (fd < 0 && (errno == EINTR || (errno == EAGAIN && ++tries < 100)));
  return (int)fd;
}

int cs_rename_exclusive(int from_dir, const char *from, int to_dir, const char *to) {
  return renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE);
}

int cs_rename_exchange(int from_dir, const char *from, int to_dir, const char *to) {
  return renameat2(from_dir, from, to_dir, to, RENAME_EXCHANGE);
}

int cs_clone_file(int to, int from) { return ioctl(to, FICLONE, from); }

int cs_punch_hole(int fd, off_t offset, off_t length) {
  return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

off_t cs_next_data(int fd, off_t offset) { return lseek(fd, offset, SEEK_DATA); }

ptrdiff_t cs_last_index(const void *bytes, int byte, size_t count) {
  const char *hit = memrchr(bytes, byte, count);
  return hit ? hit - (const char *)bytes : -1;
}

ptrdiff_t cs_first_index(const void *bytes, size_t count, const void *needle,
                         size_t needle_count) {
  const char *hit = memmem(bytes, count, needle, needle_count);
  return hit ? hit - (const char *)bytes : -1;
}
