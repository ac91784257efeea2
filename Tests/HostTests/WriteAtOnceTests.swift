import Testing

@testable import Host

struct WriteAtOnceTests {
    @Test func `a pipe takes what it has room for, in order, and then nothing`() throws {
        let pipe = try Pipe()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let taken = writeAtOnce(bytes, to: pipe.writing.number)
        #expect(taken >= 4096 && taken < bytes.count)
        #expect(writeAtOnce(bytes, to: pipe.writing.number) == 0)
        pipe.reading.setNonBlocking()
        var read: [UInt8] = []
        while let more = try pipe.reading.readSome(65_536), !more.isEmpty { read += more }
        #expect(read == Array(bytes.prefix(taken)))
    }

    @Test func `what is short goes out whole`() throws {
        let pipe = try Pipe()
        #expect(writeAtOnce(Array("one line\n".utf8), to: pipe.writing.number) == 9)
        #expect(writeAtOnce([], to: pipe.writing.number) == 0)
        #expect(try pipe.reading.readSome(100) == Array("one line\n".utf8))
    }
}
