// Ends the process that loads it at a chosen call: KILL_AT=rows:17 before the 17th write to the WAL,
// KILL_AT=rows:17:after behind it. KILL_COUNTS=FILE: how often each point was passed, at a clean exit.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum point { NONE, KEYS, ROWS, COMMIT, TABLE, ANCHOR, ANSWER, EFFECT, POINTS };
static const char *names[POINTS] = {"", "keys", "rows", "commit", "table", "anchor", "answer", "effect"};
static atomic_long counts[POINTS];
static enum point wanted;
static long wanted_count;
static int is_after;
static _Atomic unsigned char asks[1 << 16];  // sockets that this process connected

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("KILL_AT");
  char name[16] = "";
  char when[16] = "";
  if (!text || sscanf(text, "%15[a-z]:%ld:%15s", name, &wanted_count, when) < 2) return;
  for (int i = 1; i < POINTS; i++)
    if (!strcmp(names[i], name)) wanted = i;
  is_after = !strcmp(when, "after");
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("KILL_COUNTS");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int i = 1; i < POINTS; i++) fprintf(file, "%s %ld\n", names[i], atomic_load(&counts[i]));
  fclose(file);
}

static int pass(enum point point) {
  if (point == NONE) return 0;
  long count = atomic_fetch_add(&counts[point], 1) + 1;
  if (point != wanted || count != wanted_count) return 0;
  if (!is_after) kill(getpid(), SIGKILL);
  return 1;
}

static void passed(int hit) {
  if (hit) kill(getpid(), SIGKILL);
}

static int ends(const char *path, const char *tail) {
  size_t length = strlen(path), count = strlen(tail);
  return length >= count && !strcmp(path + length - count, tail);
}

static enum point of_file(int fd, int is_sync) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t count = readlink(link, path, sizeof path - 1);
  if (count <= 0) return NONE;
  path[count] = 0;
  if (!strncmp(path, "socket:", 7)) return fd < (1 << 16) && asks[fd] ? EFFECT : ANSWER;
  if (ends(path, "petrel.keys") || ends(path, "petrel.keys.rotated")) return KEYS;
  if (ends(path, ".db-wal")) return is_sync ? COMMIT : ROWS;
  if (ends(path, ".db")) return TABLE;
  return ends(path, "petrel.anchors") ? ANCHOR : NONE;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRAP(type, name, parameters, arguments, fd, is_sync)                                     \
  type name parameters {                                                                         \
    static __typeof__(&name) real;                                                               \
    if (!real) real = REAL(name);                                                                \
    int hit = pass(of_file(fd, is_sync));                                                        \
    type result = real arguments;                                                                \
    passed(hit);                                                                                 \
    return result;                                                                               \
  }

WRAP(ssize_t, pwrite, (int fd, const void *bytes, size_t n, off_t at), (fd, bytes, n, at), fd, 0)
WRAP(ssize_t, pwrite64, (int fd, const void *bytes, size_t n, off64_t at), (fd, bytes, n, at), fd, 0)
WRAP(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n), fd, 0)
WRAP(ssize_t, writev, (int fd, const struct iovec *parts, int n), (fd, parts, n), fd, 0)
WRAP(ssize_t, send, (int fd, const void *bytes, size_t n, int flags), (fd, bytes, n, flags), fd, 0)
WRAP(ssize_t, sendto, (int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t size),
     (fd, bytes, n, flags, to, size), fd, 0)
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags), fd, 0)
WRAP(int, fsync, (int fd), (fd), fd, 1)
WRAP(int, fdatasync, (int fd), (fd), fd, 1)
WRAP(int, ftruncate, (int fd, off_t size), (fd, size), fd, 0)
WRAP(int, ftruncate64, (int fd, off64_t size), (fd, size), fd, 0)

int connect(int fd, const struct sockaddr *to, socklen_t size) {
  static __typeof__(&connect) real;
  if (!real) real = REAL(connect);
  if (fd >= 0 && fd < (1 << 16)) asks[fd] = 1;
  return real(fd, to, size);
}

int close(int fd) {
  static __typeof__(&close) real;
  if (!real) real = REAL(close);
  if (fd >= 0 && fd < (1 << 16)) asks[fd] = 0;
  return real(fd);
}
