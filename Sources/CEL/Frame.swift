/// The values of the variables while one expression is evaluated. Owned by one thread.
package final class Frame {
  package var slots: [Value]

  package init(count: Int) { slots = Array(repeating: .null, count: count) }
}
