import Testing

@testable import Validation

/// What is not text is found where it stands, however the bytes around it fall into words.
struct TextFaultTests {
    /// By itself behind so many letters, and before so many.
    private static let sequences: [[UInt8]] = [
        [0], [0x80], [0xFF], [0xC3], [0xC3, 0x28], [0xC0, 0xAF], [0xE2, 0x82], [0xE2, 0x28, 0xA1],
        [0xED, 0xA0, 0x80], [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
        [0xF0, 0x9F, 0x98], [0xF8, 0x88, 0x80, 0x80], [0x01, 0], [0xC3, 0xA9, 0], [0x7F, 0xFE],
        [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0x01], [0x7F],
    ]

    @Test(arguments: sequences)
    func `a fault is found at every place of a text`(bytes: [UInt8]) {
        for before in 0..<20 {
            for after in 0..<20 {
                let head = [UInt8](repeating: 0x61, count: before)
                let text = head + bytes + [UInt8](repeating: 0x62, count: after)
                let isText =
                    String(validating: text, as: UTF8.self) != nil && !text.contains(0)
                let found = textFault(text.span, text.indices)
                #expect((found == nil) == isText, "\(bytes) behind \(before)")
                guard let found else { continue }
                let offset = found.offset - before
                #expect(bytes.indices.contains(offset))
                let isWhole =
                    String(validating: text[..<found.offset], as: UTF8.self) != nil
                #expect(isWhole && (found.kind == .nulByte) == (text[found.offset] == 0))
                // Nothing beyond a range is looked at.
                #expect(textFault(text.span, 0..<before) == nil)
            }
        }
    }
}
