import Engine
import Foundation
import Orchestration
import PetriNet
import Record
import SQLiteStore
import VirtualRun

/// The workflow `scrape` on a virtual clock against the scripted web; its log is a SQLite file.
final class ScrapingRun {
  static let start = Instant(microseconds: 1_767_603_600_000_000)

  let size: ScrapingSize
  let run: VirtualRun
  private(set) var opened = 0
  private(set) var closed = 0
  private let house: HouseNet

  /// Opens the log and fills the shared places.
  init(_ size: ScrapingSize) throws {
    self.size = size
    house = try HouseNet("scrape")
    let web = try ScriptedWeb(seed: size.seed, house: house)
    let database = size.database
    guard let kek = KeyEncryptionKey(hex: String(repeating: "5a", count: 32)) else {
      throw ScrapingSize.Mistake(description: "there is no key")
    }
    let opening = house.opening(seed: size.seed) { () throws(StoreError) in
      try SQLiteStore.open(
        SQLiteStore.Options(
          database: database, keysFile: database + ".keys", kek: kek, now: Self.start,
          pid: ProcessInfo.processInfo.processIdentifier))
    }
    run = try VirtualRun(opening, from: Self.start) { web.perform($0) }
    run.grain = ScriptedWeb.grain
    try fillPlaces()
    run.watch = { [unowned self] logged in if case .caseClosed = logged.event { closed += 1 } }
  }

  /// Seconds of virtual time so far.
  var virtualSeconds: Int64 { (run.now.microseconds - Self.start.microseconds) / 1_000_000 }

  /// Until every target has ended, or nothing is left to happen.
  func finish() throws {
    try feed()
    var restarts = 0
    while closed < size.targets, try run.advance() {
      if opened < size.targets, opened - closed < size.ahead / 2 { try feed() }
      if restarts < size.restarts, closed > size.targets * (restarts + 1) / (size.restarts + 1) {
        restarts += 1
        try run.restart()
      }
    }
  }

  private func fillPlaces() throws {
    for number in 0..<size.domains {
      let json = "{\"name\": \"d\(number).example\", \"delay\": \"\(1 + number % 5)s\"}"
      try fill("domains", json)
    }
    for number in 0..<size.proxies {
      try fill("proxies", "{\"id\": \"p\(number)\", \"rest\": \"0.\(2 + number % 7)s\"}")
    }
    try run.commit()
  }

  /// Puts a token into a shared place, as an operator would.
  private func fill(_ place: String, _ json: String) throws {
    let value = try house.value(json, in: place)
    run.take(
      .deposit(
        DepositToken(
          workflow: house.net.name, place: place, value: value, by: .local, why: "set up")))
  }

  /// Starts targets until as many are open as may be.
  private func feed() throws {
    let last = min(size.targets, closed + size.ahead)
    while opened < last {
      var draw = Draw(seed: size.seed &+ 1, firing: Int64(opened))
      let domain = "d\(draw.below(size.domains)).example"
      let json = """
        {"url": "https://\(domain)/\(opened)", "domain": "\(domain)", "priority": \(draw.below(3))}
        """
      let value = try house.value(json, in: "targets")
      run.take(.start(StartCase(workflow: house.net.name, value: value, by: .local)))
      opened += 1
      if opened % 500 == 0 { try run.commit() }
    }
    try run.commit()
  }
}
