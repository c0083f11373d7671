internal import Foundation

/// Answers with empty values and writes down the questions.
struct ShapeDecoder: Decoder {
  let recorder: ShapeRecorder
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Keyed<Key>(recorder: recorder))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw ShapeUnknown() }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(recorder: recorder) }

  /// The type reads itself in a way that cannot be followed.
  struct ShapeUnknown: Error {}

  /// An empty value of a type: itself decoded from a shape decoder of its own.
  static func empty<T: Decodable>(_ type: T.Type) throws -> T {
    if let first = (type as? any CaseIterable.Type)?.firstCase as? T { return first }
    switch type {
    case let known as any EmptyValue.Type:
      if let value = known.emptyValue as? T { return value }
    default: break
    }
    return try T(from: ShapeDecoder(recorder: ShapeRecorder()))
  }
}

extension CaseIterable {
  fileprivate static var firstCase: Any? { allCases.first }
}

private protocol EmptyValue { static var emptyValue: Any { get } }
extension Array: EmptyValue { fileprivate static var emptyValue: Any { [Element]() } }
extension Dictionary: EmptyValue { fileprivate static var emptyValue: Any { [Key: Value]() } }
extension Optional: EmptyValue {
  fileprivate static var emptyValue: Any { Wrapped?.none as Any }
}
extension Date: EmptyValue {
  fileprivate static var emptyValue: Any { Date(timeIntervalSince1970: 0) }
}
extension Data: EmptyValue { fileprivate static var emptyValue: Any { Data() } }
extension Bool: EmptyValue { fileprivate static var emptyValue: Any { false } }
extension String: EmptyValue { fileprivate static var emptyValue: Any { "" } }
extension Double: EmptyValue { fileprivate static var emptyValue: Any { 0.0 } }
extension Float: EmptyValue { fileprivate static var emptyValue: Any { Float(0) } }
extension Int: EmptyValue { fileprivate static var emptyValue: Any { 0 } }
extension Int64: EmptyValue { fileprivate static var emptyValue: Any { Int64(0) } }
extension Int32: EmptyValue { fileprivate static var emptyValue: Any { Int32(0) } }
extension Int16: EmptyValue { fileprivate static var emptyValue: Any { Int16(0) } }
extension Int8: EmptyValue { fileprivate static var emptyValue: Any { Int8(0) } }
extension UInt: EmptyValue { fileprivate static var emptyValue: Any { UInt(0) } }
extension UInt64: EmptyValue { fileprivate static var emptyValue: Any { UInt64(0) } }
extension UInt32: EmptyValue { fileprivate static var emptyValue: Any { UInt32(0) } }
extension UInt16: EmptyValue { fileprivate static var emptyValue: Any { UInt16(0) } }
extension UInt8: EmptyValue { fileprivate static var emptyValue: Any { UInt8(0) } }

/// The container of a structure.
private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recorder: ShapeRecorder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }

  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    recorder.fields.append(.init(name: key.stringValue, shape: SwiftShape(of: type)))
    return try ShapeDecoder.empty(type)
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) -> T? {
    absent(type, key)
  }

  // The protocol has a requirement of its own for each of these, which would ask for the value.
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { absent(type, key) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { absent(type, key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { absent(type, key) }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) -> Float? { absent(type, key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { absent(type, key) }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) -> Int8? { absent(type, key) }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) -> Int16? { absent(type, key) }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) -> Int32? { absent(type, key) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { absent(type, key) }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) -> UInt? { absent(type, key) }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) -> UInt8? { absent(type, key) }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) -> UInt16? { absent(type, key) }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) -> UInt32? { absent(type, key) }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) -> UInt64? { absent(type, key) }

  private func absent<T: Decodable>(_ type: T.Type, _ key: Key) -> T? {
    recorder.fields.append(.init(name: key.stringValue, shape: .optional(SwiftShape(of: type))))
    return nil
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw ShapeDecoder.ShapeUnknown() }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw ShapeDecoder.ShapeUnknown()
  }

  func superDecoder() throws -> any Decoder { throw ShapeDecoder.ShapeUnknown() }

  func superDecoder(forKey key: Key) throws -> any Decoder { throw ShapeDecoder.ShapeUnknown() }
}

/// The container of a type that is a single value, such as an enumeration of strings.
private struct Single: SingleValueDecodingContainer {
  let recorder: ShapeRecorder
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    recorder.single = SwiftShape(of: type)
    return try ShapeDecoder.empty(type)
  }
}
