internal import Foundation

/// What a `Codable` type looks like from outside, found by decoding it once from a decoder that
/// answers every question with an empty value and writes down what was asked.
indirect enum SwiftShape: Sendable, Equatable {
  case unit, bool, int, double, string, bytes, timestamp
  case list(SwiftShape)
  case map(SwiftShape)
  case optional(SwiftShape)
  /// Fields in the order in which the type asks for them.
  case record([Field])
  /// A record of which only the first fields are known: no empty value could be made of the last one
  /// (an enumeration that is not `CaseIterable`), so reading ended there. The rest is checked value
  /// by value.
  case beginning([Field])
  /// The type reads itself in a way that cannot be followed; it is checked value by value.
  case opaque

  struct Field: Sendable, Equatable {
    var name: String
    var shape: SwiftShape
  }

  init(of type: any Decodable.Type) {
    if let known = SwiftShape.builtIn(type) {
      self = known
      return
    }
    let recorder = ShapeRecorder()
    do {
      _ = try type.init(from: ShapeDecoder(recorder: recorder))
    } catch {
      // An enumeration refuses the empty string; what was asked for still stands.
      if recorder.single == nil {
        self = recorder.fields.isEmpty ? .opaque : .beginning(recorder.fields)
        return
      }
    }
    self = recorder.shape
  }

  /// Types that are leaves of a token, or know how to hold others.
  private static func builtIn(_ type: any Decodable.Type) -> SwiftShape? {
    switch type {
    case is Unit.Type: .unit
    case is Bool.Type: .bool
    case is Int.Type, is Int64.Type, is Int32.Type, is Int16.Type, is Int8.Type, is UInt.Type,
      is UInt32.Type, is UInt16.Type, is UInt8.Type, is UInt64.Type:
      .int
    case is Double.Type, is Float.Type: .double
    case is String.Type: .string
    case is Data.Type: .bytes
    case is Date.Type: .timestamp
    case let list as any ListShape.Type: .list(SwiftShape(of: list.elementType))
    case let map as any MapShape.Type: .map(SwiftShape(of: map.elementType))
    case let optional as any OptionalShape.Type: .optional(SwiftShape(of: optional.wrappedType))
    default: nil
    }
  }
}

private protocol ListShape { static var elementType: any Decodable.Type { get } }
private protocol MapShape { static var elementType: any Decodable.Type { get } }
private protocol OptionalShape { static var wrappedType: any Decodable.Type { get } }

extension Array: ListShape where Element: Decodable {
  static var elementType: any Decodable.Type { Element.self }
}

extension Dictionary: MapShape where Key == String, Value: Decodable {
  static var elementType: any Decodable.Type { Value.self }
}

extension Optional: OptionalShape where Wrapped: Decodable {
  static var wrappedType: any Decodable.Type { Wrapped.self }
}

/// What one type asked its decoder for. Used by one thread while a shape is found.
final class ShapeRecorder {
  var fields: [SwiftShape.Field] = []
  var single: SwiftShape?

  var shape: SwiftShape { single ?? .record(fields) }
}
