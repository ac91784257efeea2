/// A set of characters, each a Unicode scalar value.
package struct LetterClass: Sendable {
    /// How a part of a class is put together with what stands before it.
    enum Operation: Sendable {
        case both, difference, either
    }

    struct Operand: Hashable, Sendable {
        let operation: Operation
        let form: Form
    }

    indirect enum Form: Hashable, Sendable {
        case range(ClosedRange<UInt32>)
        case kind(LetterKind)
        case any([Form])
        /// Put together from left to right, beginning with no character.
        ///
        /// Because a class may have thousands of operators, they stand beside each other and not
        /// in each other: each is asked once, and none of them needs room on the stack.
        case joined([Operand])
        case not(Form)
        /// Of any case.
        case folded(Form)

        static func letter(_ scalar: Unicode.Scalar) -> Form { .range(scalar.value...scalar.value) }

        static func union(_ forms: [Form]) -> Form { forms.count == 1 ? forms[0] : .any(forms) }

        func contains(_ letter: inout CasedLetter) -> Bool {
            switch self {
            case .range(let range): return range.contains(letter.scalar.value)
            case .kind(let kind): return kind.contains(letter.scalar)
            case .any(let forms):
                for form in forms {
                    if form.contains(&letter) { return true }
                }
                return false
            case .joined(let operands): return isIn(operands, &letter)
            case .not(let form): return !form.contains(&letter)
            case .folded(let form):
                if form.contains(&letter) { return true }
                for scalar in letter.others {
                    var other = CasedLetter(scalar)
                    if form.contains(&other) { return true }
                }
                return false
            }
        }

        private func isIn(_ operands: [Operand], _ letter: inout CasedLetter) -> Bool {
            var isIn = false
            for operand in operands {
                switch operand.operation {
                case .both: isIn = isIn && operand.form.contains(&letter)
                case .difference: isIn = isIn && !operand.form.contains(&letter)
                case .either: isIn = isIn != operand.form.contains(&letter)
                }
            }
            return isIn
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
        for value in 0..<0x80 as Range<UInt8> {
            var letter = CasedLetter(Unicode.Scalar(value))
            if form.contains(&letter) { plain |= 1 << UInt128(value) }
        }
        self.plain = plain
    }

    @inline(__always)
    package func contains(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return plain >> UInt128(scalar.value) & 1 == 1 }
        var letter = CasedLetter(scalar)
        return form.contains(&letter)
    }

    /// The same for a character that several classes are asked about.
    package func contains(_ letter: inout CasedLetter) -> Bool { form.contains(&letter) }
}
