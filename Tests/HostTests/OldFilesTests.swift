import Domain
import Host
import Testing

/// What can be made again goes when it is old, or too much.
@Suite struct OldFilesTests {
    @Test func `the old files go first, and then as many as it takes`() throws {
        let scratch = try Scratch()
        let folder = scratch.path("cache")
        // Nothing is there yet.
        try removeOldFiles(below: folder, before: now(), bytesMax: 0)
        try makeFolder("\(folder)/ab")
        var stamps: [Int64] = []
        for name in ["one", "two", "three"] {
            // Because files that are written within one tick of the clock have one time.
            repeat {
                try removeTree("\(folder)/ab/\(name)")
                try writeFileAtomically("\(folder)/ab/\(name)", Array("12345".utf8))
            } while FileStamp("\(folder)/ab/\(name)")?.modifiedAt == stamps.last
            stamps.append(try #require(FileStamp("\(folder)/ab/\(name)")).modifiedAt)
        }
        func left() throws -> [String] { try namesIn("\(folder)/ab") }
        try removeOldFiles(below: folder, before: Instant(seconds: 1), bytesMax: 15)
        #expect(try left() == ["one", "three", "two"])
        try removeOldFiles(below: folder, before: Instant(seconds: 1), bytesMax: 14)
        #expect(try left() == ["three", "two"])
        let later = Instant(milliseconds: now().milliseconds + 1000)
        try removeOldFiles(below: folder, before: later, bytesMax: .max)
        #expect(try left().isEmpty)
    }
}
