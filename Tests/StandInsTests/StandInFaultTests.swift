import StandIns
import Testing

@Test func `faults keep the names of the rules file`() {
  let durations = ["delay", "status_429"]

  let names = StandInFault.names.map { name in
    StandInFault(name: name, argument: durations.contains(name) ? .seconds(2) : nil)?.name
  }

  #expect(names == StandInFault.names)
}
