/// Names as parts of a URL's path.
enum URLSegment {
  /// Percent-encoded but for what may stand in any segment.
  static func escaped(_ text: String, keeping others: String = "") -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: output.append(byte)
      case _ where "-._~".utf8.contains(byte) || others.utf8.contains(byte): output.append(byte)
      default: output += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
