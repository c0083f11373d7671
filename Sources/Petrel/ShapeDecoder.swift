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
