internal import Foundation

/// Input and output of a Swift action as JSON in the log's spelling.
enum ActionCoding {
  static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
    if type == Unit.self, let unit = Unit() as? T { return unit }
    let decoder = JSONDecoder()
    decoder.dataDecodingStrategy = .base64
    decoder.dateDecodingStrategy = .custom { decoder in
      let text = try decoder.singleValueContainer().decode(String.self)
      guard let date = date(text) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 instant"))
      }
      return date
    }
    return try decoder.decode(type, from: Data(bytes))
  }

  static func encode<T: Encodable>(_ value: T) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.dataEncodingStrategy = .base64
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
    encoder.nonConformingFloatEncodingStrategy = .throw
    return [UInt8](try encoder.encode(value))
  }

  /// The field at which reading failed, without its value.
  static func place(of error: any Error) -> String {
    let path =
      switch error as? DecodingError {
      case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?,
        .dataCorrupted(let context)?:
        context.codingPath
      case .keyNotFound(let key, let context)?: context.codingPath + [key]
      default: [any CodingKey]()
      }
    let text = path.map(\.stringValue).joined(separator: ".")
    return "the input cannot be read" + (text.isEmpty ? "" : " at \(text)")
  }

  private static func date(_ text: String) -> Date? {
    (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle()))
  }
}
