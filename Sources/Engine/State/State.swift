/// What the fold of the log holds, and nothing else (LOG §1, "What the fold holds").
package struct State: Sendable {
  package let shard: Int64
  package internal(set) var lastSeq = Seq(0)
  package internal(set) var lastAt = Instant(microseconds: 0)
  package internal(set) var epoch: Int64 = 0

  init(shard: Int64) { self.shard = shard }
}
