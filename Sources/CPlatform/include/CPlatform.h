// What Glibc's Swift module leaves out.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdint.h>

// The magic number of the file system that holds `path`, as statfs tells it; -1 and errno if it
// cannot be told.
int64_t csystem_file_system_type(const char *path);

// Gives the open file `length` bytes of disk, without writing to it; new ones read as zeros. -1 and
// errno if the file system cannot.
int csystem_allocate(int descriptor, int64_t length);

// Sockets that are waited for together (epoll). All but the waiting give 0, or -1 and errno.
enum { CSYSTEM_READABLE = 1, CSYSTEM_WRITABLE = 2, CSYSTEM_FAILED = 4 };

// A descriptor for an empty set.
int csystem_watch_open(void);

// Waits for `states` of `socket` from now on, whether it was in the set or not.
int csystem_watch_set(int watch, int socket, int states);

// Takes `socket` out of the set.
int csystem_watch_remove(int watch, int socket);

// Waits until a socket has a state that is waited for, or `milliseconds` have passed (-1: for ever).
// Fills in up to `count` of them, at most 64, and gives their number; -1 and errno.
int csystem_watch_wait(int watch, int *sockets, int *states, int count, int milliseconds);

// A descriptor that is readable once it was written to (eventfd), until it is read.
int csystem_bell_open(void);

#endif
