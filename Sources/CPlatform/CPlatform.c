#define _GNU_SOURCE
#include "CPlatform.h"

#include <fcntl.h>
#include <sys/statfs.h>

int64_t csystem_file_system_type(const char *path) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  return (int64_t)(uint32_t)status.f_type;
}

int csystem_allocate(int descriptor, int64_t length) {
  return fallocate(descriptor, 0, 0, length);
}
