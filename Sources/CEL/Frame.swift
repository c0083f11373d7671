/// The values of the variables while one expression is evaluated. Owned by one thread.
package final class Frame {
  /// One value for each variable of the environment.
  package let slots: Slots
  /// The variables of macros, innermost last.
  let locals: Slots
  /// What is left of `ExpressionLimits.stepsMax`.
  private let steps: UnsafeMutablePointer<Int>

  package init(count: Int) {
    slots = Slots(count: count)
    locals = Slots(count: ExpressionLimits.macroDepthMax)
    steps = .allocate(capacity: 1)
    steps.initialize(to: 0)
  }

  package convenience init(_ values: [Value]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { slots[index] = value }
  }

  deinit {
    slots.deallocate()
    locals.deallocate()
    steps.deallocate()
  }

  /// Begins an evaluation.
  func begin(steps allowed: Int = ExpressionLimits.stepsMax) { steps.pointee = allowed }

  /// Counts steps of this evaluation.
  func spend(_ count: Int, at position: Int) throws(EvaluationError) {
    steps.pointee -= count
    guard steps.pointee >= 0 else { throw .tooCostly(at: position) }
  }

  /// What is left, for a part that counts on its own.
  var stepsLeft: Int {
    get { steps.pointee }
    set { steps.pointee = newValue }
  }
}

extension Frame {
  /// Values at fixed places; a reference, so that writing one copies nothing.
  package struct Slots {
    private let values: UnsafeMutablePointer<Value>
    package let count: Int

    fileprivate init(count: Int) {
      values = .allocate(capacity: max(count, 1))
      values.initialize(repeating: .null, count: count)
      self.count = count
    }

    fileprivate func deallocate() {
      values.deinitialize(count: count)
      values.deallocate()
    }

    /// - Precondition: `0 <= index < count`.
    package subscript(index: Int) -> Value {
      get {
        precondition(index >= 0 && index < count, "a frame has a value for each variable")
        return values[index]
      }
      nonmutating set {
        precondition(index >= 0 && index < count, "a frame has a value for each variable")
        values[index] = newValue
      }
    }
  }
}
