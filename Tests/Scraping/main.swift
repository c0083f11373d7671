// Runs the workflow `scrape` on a virtual clock against a scripted web, and leaves its log in SQLite
// for Tests/Scraping/check.py.
import Foundation

let clock = ContinuousClock()
let began = clock.now
let scraping = try ScrapingRun(try ScrapingSize(Array(CommandLine.arguments.dropFirst())))
try scraping.finish()
let size = scraping.size
print(
  "scrape: \(size.domains) domains, \(size.proxies) proxies, \(size.targets) targets: "
    + "\(scraping.closed) ended, \(scraping.run.rows) rows in \(scraping.run.commits) commits, "
    + "\(scraping.virtualSeconds) s of virtual time in "
    + "\(began.duration(to: clock.now).components.seconds) s")
if scraping.closed != size.targets { exit(1) }
