#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/statfs.h>

int64_t csystem_file_system_type(const char *path) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  return (int64_t)(uint32_t)status.f_type;
}

int csystem_allocate(int descriptor, int64_t length) {
  return fallocate(descriptor, 0, 0, length);
}

int csystem_watch_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int csystem_watch_set(int watch, int socket, int states) {
  struct epoll_event event = {.data.fd = socket};
  if (states & CSYSTEM_READABLE) event.events |= EPOLLIN;
  if (states & CSYSTEM_WRITABLE) event.events |= EPOLLOUT;
  if (epoll_ctl(watch, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
  return errno == ENOENT ? epoll_ctl(watch, EPOLL_CTL_ADD, socket, &event) : -1;
}

int csystem_watch_remove(int watch, int socket) {
  return epoll_ctl(watch, EPOLL_CTL_DEL, socket, NULL);
}

int csystem_watch_wait(int watch, int *sockets, int *states, int count, int milliseconds) {
  struct epoll_event events[64];
  int found = epoll_wait(watch, events, count < 64 ? count : 64, milliseconds);
  for (int i = 0; i < found; i++) {
    uint32_t seen = events[i].events;
    sockets[i] = events[i].data.fd;
    states[i] = (seen & EPOLLIN ? CSYSTEM_READABLE : 0) | (seen & EPOLLOUT ? CSYSTEM_WRITABLE : 0) |
                (seen & (EPOLLERR | EPOLLHUP) ? CSYSTEM_FAILED : 0);
  }
  return found;
}

int csystem_bell_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
