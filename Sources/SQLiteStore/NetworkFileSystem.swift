internal import CPlatform
package import Orchestration

/// File systems on which locks and syncs do not mean what a log needs them to mean.
package enum NetworkFileSystem {
  /// Magic numbers as `statfs` tells them.
  private static let names: [Int64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB 2", 0x0102_1997: "9P",
    0x5346_414F: "AFS", 0x7375_7245: "Coda", 0x564C: "NCP", 0x00C3_6400: "Ceph",
    0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS", 0x7461_636F: "OCFS2", 0x0116_1970: "GFS2",
  ]

  /// Refuses a folder on a file system of the network.
  package static func refuse(_ folder: String) throws(StoreError) {
    let type = csystem_file_system_type(folder)
    guard type >= 0 else {
      throw StoreError(.failed, code: "S104", "the folder \(folder) cannot be examined")
    }
    guard let name = name(ofType: type) else { return }
    throw StoreError(
      .failed, code: "S104",
      "\(folder) is on a network file system (\(name)), whose locks and syncs do not hold what "
        + "the log needs; put the database on a local disk")
  }

  /// Nil for local ones.
  package static func name(ofType type: Int64) -> String? { names[type] }
}
