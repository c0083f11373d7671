#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Lifts the soft limit of open files to the hard one, so that thousands of connections may hang.
func raiseFileLimit() {
  var limit = rlimit()
  #if canImport(Darwin)
    let resource = RLIMIT_NOFILE
  #else
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #endif
  guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
  limit.rlim_cur = limit.rlim_max
  setrlimit(resource, &limit)
}
