/// A set of characters, each a Unicode scalar value.
package struct LetterClass: Sendable {
    indirect enum Form: Sendable {
        case range(ClosedRange<UInt32>)
        case kind(LetterKind)
        case any([Form])
        case all([Form])
        case not(Form)
        /// Of any case.
        case folded(Form)

        static func letter(_ scalar: Unicode.Scalar) -> Form { .range(scalar.value...scalar.value) }

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .range(let range): range.contains(scalar.value)
            case .kind(let kind): kind.contains(scalar)
            case .any(let forms): forms.contains { $0.contains(scalar) }
            case .all(let forms): forms.allSatisfy { $0.contains(scalar) }
            case .not(let form): !form.contains(scalar)
            case .folded(let form):
                form.contains(scalar) || otherCases(of: scalar).contains { form.contains($0) }
            }
        }
    }

    /// Which of U+0000 to U+007F it has.
    private let plain: UInt128
    private let form: Form

    init(_ form: Form) {
        self.form = form
        if case .range(let range) = form, range.count == 1 {
            plain = range.lowerBound < 0x80 ? 1 << UInt128(range.lowerBound) : 0
            return
        }
        var plain: UInt128 = 0
        for value in 0..<0x80 as Range<UInt8> where form.contains(Unicode.Scalar(value)) {
            plain |= 1 << UInt128(value)
        }
        self.plain = plain
    }

    @inline(__always)
    package func contains(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? plain >> UInt128(scalar.value) & 1 == 1 : form.contains(scalar)
    }
}

/// What a letter is in lower and upper case, where that is one letter.
func otherCases(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    var found: [Unicode.Scalar] = []
    func add(_ text: String) {
        let scalars = text.unicodeScalars
        if let only = scalars.first, scalars.count == 1 { found.append(only) }
    }
    add(scalar.properties.lowercaseMapping)
    add(scalar.properties.uppercaseMapping)
    // Because of letters that only their capital ties together, as σ and ς.
    if let upper = found.last { add(upper.properties.lowercaseMapping) }
    return found
}
