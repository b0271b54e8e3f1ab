/* File system calls that glibc does not wrap, or that are variadic. */
#define _GNU_SOURCE
#include "cspawn.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
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

int cs_private_entries(const char *path, int most) {
  /* opendir(3) costs an allocation of 32 KiB and three more calls, and this runs for each attempt. */
  char buffer[1024] __attribute__((aligned(8)));
  struct stat status;
  int count = 0;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  if (fstat(fd, &status) != 0 || (status.st_mode & 07777) != 0700) {
    close(fd);
    return 0;
  }
  while (count <= most) {
    long bytes = syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    if (bytes <= 0) break;
    for (long at = 0; at < bytes;) {
      struct dirent64 *entry = (struct dirent64 *)(buffer + at);
      if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) count++;
      at += entry->d_reclen;
    }
  }
  close(fd);
  return count;
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

int cs_unread_bytes(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 ? count : -1;
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
