import Foundation

/// A PostgreSQL server of Debian's in a folder of its own, which goes with this process.
///
/// It syncs to the disk as a real one does. Started by another user where this process is root's,
/// because the server refuses to run as root.
package final class PostgresServer: Sendable {
  package struct Failed: Error, CustomStringConvertible {
    package var description: String
  }

  /// The newest server's programs; nil where there are none.
  private static let programs: String? = {
    let places = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    let versions =
      (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let debian = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
      .map { "/usr/lib/postgresql/\($0)/bin" }
    return (places.map(String.init) + debian).first { folder in
      ["initdb", "pg_ctl", "postgres", "psql"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)")
      }
    }
  }()

  /// Whether there is a server to start.
  package static var isAvailable: Bool {
    #if Postgres
      programs != nil
    #else
      false
    #endif
  }

  /// What is said of tests that need one where there is none.
  package static let absent = "there is no PostgreSQL server here (apt-get install postgresql)"

  /// One for all tests of this process.
  package static let shared = Result { try PostgresServer() }

  private let folder: String
  private let programs: String
  package let port: Int
  /// Its end is the server's.
  private let watch: Pipe

  package init() throws {
    guard let programs = Self.programs else { throw Failed(description: Self.absent) }
    self.programs = programs
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-pg-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    port = try Self.freePort()
    watch = Pipe()
    // No process but this one keeps it open.
    _ = fcntl(watch.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    if let user = Self.user {
      try Self.run("/bin/chown", [user, folder])
    }
    try Self.run(
      programs + "/initdb",
      ["-D", data, "-U", "petrel", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      as: Self.user)
    try begin()
    try watchOver()
  }

  private var data: String { folder + "/data" }

  /// Where it is reached, through a socket in its folder.
  package var connection: String { "host=\(folder) port=\(port) user=petrel dbname=postgres" }
  /// Through the loopback, at another port if something stands before it.
  package func loopback(port: Int? = nil) -> String {
    "host=127.0.0.1 port=\(port ?? self.port) user=petrel dbname=postgres sslmode=disable "
      + "gssencmode=disable"
  }

  /// Starts it; returns when it answers.
  package func begin() throws {
    let options =
      "-p \(port) -k \(folder) -c listen_addresses=127.0.0.1 -c max_connections=60 "
      + "-c shared_buffers=32MB"
    try Self.run(
      programs + "/pg_ctl",
      ["-D", data, "-w", "-t", "60", "-o", options, "-l", folder + "/log", "start"],
      as: Self.user)
  }

  /// Ends it as `kill -9` of all its processes, or as a crash that it makes itself.
  package func crash(isKill: Bool) throws {
    guard isKill else {
      return try Self.run(
        programs + "/pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"], as: Self.user)
    }
    let lines = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
      .split(separator: "\n")
    guard let first = lines.first, let postmaster = Int32(first) else {
      throw Failed(description: "no number of a process")
    }
    let processes = [postmaster] + Self.children(of: postmaster)
    for process in processes { kill(process, SIGKILL) }
    while processes.contains(where: Self.isRunning) { usleep(2_000) }
    try FileManager.default.removeItem(atPath: data + "/postmaster.pid")
  }

  /// Runs statements as another program would; throws where the server refuses one.
  package func execute(_ sql: String) throws {
    try Self.run(
      programs + "/psql",
      [
        "-h", folder, "-p", "\(port)", "-U", "petrel", "-d", "postgres", "-q", "-v",
        "ON_ERROR_STOP=1", "-c", sql,
      ])
  }

  /// A shell that outlives this process, and takes the server with it.
  private func watchOver() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c",
      "trap '' INT TERM; cat >/dev/null; "
        + "kill -QUIT $(head -n 1 \"$1/data/postmaster.pid\") 2>/dev/null; sleep 0.5; rm -rf \"$1\"",
      "watch", folder,
    ]
    shell.standardInput = watch
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    try watch.fileHandleForReading.close()
  }

  private static var user: String? {
    guard getuid() == 0 else { return nil }
    return getpwnam("postgres") == nil ? "nobody" : "postgres"
  }

  /// Runs a program to its end, without what would tie it to what it leaves running.
  private static func run(
    _ program: String, _ arguments: [String], as user: String? = nil
  ) throws {
    let words = (user.map { ["/usr/sbin/runuser", "-u", $0, "--"] } ?? []) + [program] + arguments
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [Int32(0), 1, 2] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let texts = words.map { strdup($0) }
    defer { for text in texts { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, nil, texts + [nil], environ)
    guard code == 0 else { throw Failed(description: "\(words[0]): \(code)") }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw Failed(description: "\(program): ended with \(status)") }
  }

  private static func children(of parent: Int32) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { state(of: $0)?.parent == parent }
  }

  private static func isRunning(_ process: Int32) -> Bool {
    guard let state = state(of: process)?.state else { return false }
    return state != "Z" && state != "X"
  }

  private static func state(of process: Int32) -> (state: Substring, parent: Int32)? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let words = text[text.index(after: end)...].split(separator: " ")
    guard words.count > 1, let parent = Int32(words[1]) else { return nil }
    return (words[0], parent)
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else { throw Failed(description: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
