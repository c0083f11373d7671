import PetriNet

/// Colour sets of the tests, as a workflow would declare them.
enum Colours {
  static func record(
    _ name: String? = nil, _ fields: KeyValuePairs<String, ColourSet>
  ) -> ColourSet {
    .record(
      RecordColour(name: name, fields: fields.map { .init(name: $0.key, colour: $0.value) }))
  }

  static let wish = record(nil, ["item": .string(max: nil), "count": .int(1...100)])
  static let reservation = record(
    "Reservation", ["id": .string(max: nil), "item": .string(max: nil), "count": .int(1...100)])
}
