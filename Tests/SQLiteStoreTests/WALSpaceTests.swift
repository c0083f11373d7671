import Testing

@testable import SQLiteStore

struct WALSpaceTests {
  /// SQLite's WAL format: the first block of the index has room for 4,062 frames, each later one for
  /// 4,096; a frame is a page and 24 bytes behind a header of 32.
  @Test func `the room taken at once ends before the index of the WAL has to grow`() {
    let frames = (WALSpace.step - 32) / (4_096 + 24)

    #expect(frames > 3_900)
    #expect(frames < 4_062)
  }
}
