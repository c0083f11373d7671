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

#endif
