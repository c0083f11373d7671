/// Takes one row into the state. Reads no value and evaluates no expression: what is logged has
/// happened, so a contradiction is a bug of the writer.
///
/// - Precondition: rows come in order, without gaps.
package func apply(_ event: LoggedEvent, to state: inout State) {
  precondition(event.seq.number == state.lastSeq.number + 1, "rows are applied in order")
  state.lastSeq = event.seq
  state.lastAt = event.at
  state.epoch = event.epoch
}
