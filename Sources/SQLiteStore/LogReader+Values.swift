package import CEL
internal import Engine
package import Orchestration
package import PetriNet
internal import Record

extension LogReader {
  /// The value of `colour` that canonical text holds, as far as the keys at hand open it.
  ///
  /// Personal parts that stay sealed, or whose key was shredded, are `.erased`.
  package func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value {
    try StoreError.reading {
      try ValueText.value(
        of: text, in: colour,
        sources: ValueText.Sources(
          personal: { try self.payload(seq: Seq($0.seq), index: $0.index) },
          blob: { try self.blob($0) }))
    }
  }
}
