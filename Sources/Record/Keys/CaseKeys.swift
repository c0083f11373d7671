package import Orchestration

/// The data keys of a log by number: one a case, message or request slot.
///
/// Numbers are given by the engine, from 0 upwards; a key exists from the first `reserve` that
/// reaches it and is never made twice.
package protocol CaseKeys: AnyObject, Sendable {
  /// Makes sure that all keys up to `number` exist and are on disk.
  func reserve(through number: Int64) throws(StoreError)

  /// Returns when no keys are being made ahead any more: then another owner may take over, if
  /// nothing is reserved here again.
  func rest()

  /// The key; throws `keyMissing` for a number that was never made.
  func key(_ number: Int64) throws(StoreError) -> CaseKey

  /// Overwrites the keys; on disk when it returns. Doing it again changes nothing.
  func shred(_ numbers: [Int64]) throws(StoreError)

  /// Counts the keys up to `number` that were never made as shredded, so that none of them ever is.
  func abandon(through number: Int64) throws(StoreError)

  /// What has become of the keys made so far.
  func census() throws(StoreError) -> KeyCensus
}

/// How many keys were made, and which of them are gone.
package struct KeyCensus: Equatable, Sendable {
  /// Numbers below this one were given a key.
  package var made: Int64
  /// Of those, ascending.
  package var shredded: [Int64]
}

/// A key, or the hole it left.
package enum CaseKey: Sendable {
  case present(DataKey)
  case shredded
}

extension CaseKeys {
  package func shred(_ number: Int64) throws(StoreError) { try shred([number]) }

  package func rest() {}
}
