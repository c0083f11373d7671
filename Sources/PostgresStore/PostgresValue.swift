#if Postgres
  internal import CPostgres

  /// A parameter of a statement, in PostgreSQL's binary form.
  enum PostgresValue {
    case int(Int64)
    case text([UInt8])
    case blob([UInt8])
    case ints([Int64?])
    case texts([[UInt8]])
    case blobs([[UInt8]])

    static func text(_ text: String) -> PostgresValue { .text(Array(text.utf8)) }

    /// The type's number in every PostgreSQL server.
    var type: Oid {
      switch self {
      case .int: Element.int
      case .text: Element.text
      case .blob: Element.blob
      case .ints: 1016
      case .texts: 1009
      case .blobs: 1001
      }
    }

    private enum Element {
      static let int: Oid = 20
      static let text: Oid = 25
      static let blob: Oid = 17
    }

    /// Appends its bytes.
    func write(to bytes: inout [UInt8]) {
      switch self {
      case .int(let number): Self.put(number, &bytes)
      case .text(let content), .blob(let content): bytes.append(contentsOf: content)
      case .ints(let numbers):
        Self.begin(numbers.count, of: Element.int, hasNull: numbers.contains(nil), &bytes)
        for number in numbers {
          guard let number else {
            Self.put(Int32(-1), &bytes)
            continue
          }
          Self.put(Int32(8), &bytes)
          Self.put(number, &bytes)
        }
      case .texts(let items): Self.put(items, of: Element.text, &bytes)
      case .blobs(let items): Self.put(items, of: Element.blob, &bytes)
      }
    }

    private static func put(_ items: [[UInt8]], of element: Oid, _ bytes: inout [UInt8]) {
      begin(items.count, of: element, hasNull: false, &bytes)
      for item in items {
        put(Int32(item.count), &bytes)
        bytes.append(contentsOf: item)
      }
    }

    /// The head of an array of one dimension, counted from 1.
    private static func begin(
      _ count: Int, of element: Oid, hasNull: Bool, _ bytes: inout [UInt8]
    ) {
      put(Int32(count == 0 ? 0 : 1), &bytes)
      put(Int32(hasNull ? 1 : 0), &bytes)
      put(Int32(bitPattern: element), &bytes)
      guard count > 0 else { return }
      put(Int32(count), &bytes)
      put(Int32(1), &bytes)
    }

    private static func put(_ number: some FixedWidthInteger, _ bytes: inout [UInt8]) {
      withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
  }
#endif
