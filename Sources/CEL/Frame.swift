/// The values of the variables while one expression is evaluated. Owned by one thread.
package final class Frame {
  /// One value for each variable of the environment.
  package let slots: Slots
  /// The variables of macros, innermost last.
  let locals: Locals

  package init(count: Int) {
    slots = Slots(count: count)
    locals = Locals()
  }

  package convenience init(_ values: [Value]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { slots[index] = value }
  }

  deinit {
    slots.deallocate()
    locals.deallocate()
  }

  /// Begins an evaluation.
  func begin(steps allowed: Int = ExpressionLimits.stepsMax) {
    locals.course.pointee.steps = allowed
  }

  /// Counts steps of this evaluation.
  func spend(_ count: Int, at position: Int) throws(EvaluationError) {
    locals.course.pointee.steps -= count
    guard locals.course.pointee.steps >= 0 else { throw .tooCostly(at: position) }
  }

  /// What is left, for a part that counts on its own.
  var stepsLeft: Int {
    get { locals.course.pointee.steps }
    set { locals.course.pointee.steps = newValue }
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

extension Frame {
  /// As `Slots`, for `ExpressionLimits.macroDepthMax` values; made when the first one is written,
  /// because most expressions have no macro.
  struct Locals {
    /// What changes while an expression is evaluated.
    fileprivate struct Course {
      /// What is left of `ExpressionLimits.stepsMax`.
      var steps = 0
      var slots: Slots?
    }

    fileprivate let course: UnsafeMutablePointer<Course>

    fileprivate init() {
      course = .allocate(capacity: 1)
      course.initialize(to: Course())
    }

    fileprivate func deallocate() {
      course.pointee.slots?.deallocate()
      course.deallocate()
    }

    /// What was not written is null.
    subscript(index: Int) -> Value {
      get { course.pointee.slots?[index] ?? .null }
      nonmutating set {
        if let made = course.pointee.slots {
          made[index] = newValue
        } else {
          let made = Slots(count: ExpressionLimits.macroDepthMax)
          course.pointee.slots = made
          made[index] = newValue
        }
      }
    }
  }
}
