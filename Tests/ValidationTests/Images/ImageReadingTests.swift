import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Validation

struct ImageReadingTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(component: "fixtures").path

    private struct Expected: Decodable {
        var width: Int
        var height: Int
        var mode: String
        var format: String
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"), "\(name)"))
    }

    private static func expected() throws -> [String: Expected] {
        let bytes = try bytes("expected.json")
        return try JSONDecoder().decode([String: Expected].self, from: Data(bytes))
    }

    @Test func `pictures are what Pillow says they are`() throws {
        let expected = try Self.expected()
        #expect(expected.count == 33)
        for (name, wanted) in expected {
            let found = ImageReading(try Self.bytes(name))
            #expect(found.fault == nil, "\(name): \(found.fault?.reason ?? "")")
            let facts = try #require(found.facts, "\(name)")
            #expect(facts.width == wanted.width && facts.height == wanted.height, "\(name)")
            #expect(facts.mode == wanted.mode && facts.format.rawValue == wanted.format, "\(name)")
        }
    }

    @Test func `a picture cut anywhere is damaged`() throws {
        for name in try Self.expected().keys.sorted() {
            let bytes = try Self.bytes(name)
            let step = max(1, bytes.count / 300)
            for count in stride(from: 0, to: bytes.count, by: step) {
                let found = ImageReading(Array(bytes[..<count]))
                #expect(found.fault != nil, "\(name) of \(count) bytes")
                #expect(found.fault.map { $0.offset <= count } ?? true, "\(name) of \(count) bytes")
            }
        }
    }

    @Test(arguments: ["rgb.png", "palette.png", "interlaced.png"])
    func `no byte of a PNG file can change`(name: String) throws {
        let bytes = try Self.bytes(name)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1 << UInt8(index & 7)
            #expect(ImageReading(other).fault != nil, "byte \(index)")
        }
    }

    @Test func `mutated pictures are read or refused`() throws {
        for name in try Self.expected().keys.sorted() {
            let bytes = try Self.bytes(name)
            try fuzz(rounds: 60) { seed, random in
                let mutated = random.mutate(bytes)
                let found = ImageReading(mutated)
                #expect(found.fault != nil || found.facts != nil, "\(name), seed \(seed)")
                #expect(
                    found.fault.map { (0...mutated.count).contains($0.offset) } ?? true,
                    "\(name), seed \(seed): \(found.fault?.reason ?? "")")
            }
        }
    }

    @Test func `pixels that are missing are found behind right checksums`() throws {
        let bytes = try Self.bytes("large.png")
        // The end alone behind the header: 8 bytes of signature and a chunk of 25.
        let without = Array(bytes[..<33] + bytes.suffix(12))
        #expect(ImageReading(without).fault?.reason == "lines of pixels are missing")
        #expect(ImageReading(without).facts?.width == 300)
        // A scan of a JPEG file whose codes end early, with the end where it should be.
        let scan = try Self.bytes("base444.jpg")
        let short = Array(scan[..<(scan.count - 200)]) + [0xFF, 0xD9]
        #expect(ImageReading(short).fault?.reason == "the pixels end early")
    }

    @Test func `a picture may not be gone over again and again`() throws {
        let bytes = try Self.bytes("one.jpg")
        let start = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
        let scan = Array(bytes[start..<bytes.count - 2])
        for count in [ImageLimits.scansMax, ImageLimits.scansMax + 1] {
            var repeated = Array(bytes[..<start])
            for _ in 0..<count { repeated += scan }
            let fault = ImageReading(repeated + bytes.suffix(2)).fault
            #expect((fault == nil) == (count == ImageLimits.scansMax))
            #expect(fault?.reason.hasPrefix("501 scans of ") ?? true)
        }
    }

    @Test func `a size that would fill the memory is refused`() throws {
        var bytes = try Self.bytes("picture.gif")
        for index in 6..<10 { bytes[index] = 0xFF }
        let fault = ImageReading(bytes).fault
        #expect(fault?.reason.contains("is too large") == true)
        #expect(
            ImageReading(Array("hello, world".utf8)).fault?.reason.contains("not a PNG") == true)
    }
}
