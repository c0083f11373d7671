internal import Foundation
internal import Orchestration
internal import SQLiteStore
internal import Transfer

/// The log's file: there, closed to others, whether it is held, the disk below it, the clock.
struct LogExamination {
  var path: String
  private static let probes = 10
  private static let probeBytes = 4_096

  init(path: String) { self.path = path }

  func checks() -> [Doctor.Check] { [existing, mode, owner, disk, clock] }

  private var existing: Doctor.Check {
    guard FileManager.default.fileExists(atPath: path) else {
      return check("log", .unknown, "there is none yet: petrel serve makes it")
    }
    do {
      let head = try LogReader(path: path).head()
      return check("log", .good, "#\(head.seq.number), last written \(TimeText.absolute(head.at))")
    } catch {
      return check("log", .bad, error.message)
    }
  }

  private var mode: Doctor.Check {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue else {
      return check("file mode", .unknown, "no file")
    }
    let text = String(mode, radix: 8)
    guard mode & 0o022 == 0 else {
      return check("file mode", .bad, "\(text): others may write; chmod 640 \(path)")
    }
    return check("file mode", .good, text)
  }

  /// Who holds the file.
  var owner: Doctor.Check {
    guard let holder = OwnerLock.holder(ofDatabase: path) else {
      return check("owner", .good, "nobody holds it")
    }
    let place = holder.url.isEmpty ? "without a service" : holder.url
    let since = TimeText.absolute(holder.started)
    return check("owner", .good, "pid \(holder.pid) since \(since), \(place)")
  }

  /// Small writes, each synced, beside the log.
  private var disk: Doctor.Check {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let probe = "\(folder)/.petrel-doctor-\(ProcessInfo.processInfo.processIdentifier)"
    let descriptor = open(probe, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return check("disk sync", .bad, "\(folder) is not writable") }
    defer {
      close(descriptor)
      unlink(probe)
    }
    var times: [Int64] = []
    let bytes = [UInt8](repeating: 0, count: Self.probeBytes)
    for index in 0..<Self.probes {
      let began = MonotonicInstant.now()
      guard pwrite(descriptor, bytes, bytes.count, off_t(index * bytes.count)) == bytes.count,
        fsync(descriptor) == 0
      else { return check("disk sync", .bad, "a small write did not reach the disk") }
      times.append(MonotonicInstant.now().nanoseconds(since: began) / 1_000_000)
    }
    return check("disk sync", .good, "median \(times.sorted()[Self.probes / 2]) ms")
  }

  /// A clock before the last row would hold the log's time still.
  private var clock: Doctor.Check {
    guard FileManager.default.fileExists(atPath: path), let head = try? LogReader(path: path).head()
    else { return check("clock", .unknown, "no row to compare it with") }
    let ahead = head.at.microseconds - MonotonicClock().now().microseconds
    guard ahead > 1_000_000 else { return check("clock", .good, "not before the last row") }
    return check("clock", .bad, "\(TimeText.length(ahead)) before the last row of the log")
  }

  private func check(
    _ name: String, _ result: Doctor.Check.Result, _ detail: String
  ) -> Doctor.Check {
    Doctor.Check(path, name, result, detail)
  }
}
