import SQLiteStore
import Testing

struct NetworkFileSystemTests {
  @Test(arguments: [(0x6969, "NFS"), (0xEF53, nil), (0x0102_1994, nil), (0xFF53_4D42, "CIFS")])
  func `file systems of the network are known by number`(type: Int, name: String?) {
    #expect(NetworkFileSystem.name(ofType: Int64(type)) == name)
  }
}
