extension PatternParser {
    private typealias Form = LetterClass.Form
    private typealias Operation = LetterClass.Operation

    /// The characters of some items, and where case says nothing their other cases.
    ///
    /// What is negated or put together has had its cases inside: `\P{Lu}` has no letter at all
    /// that is a capital in some case, and not every letter that is none in another.
    func union(_ items: [LetterClass.Form]) -> LetterClass.Form {
        guard flags.ignoresCase else { return .union(items) }
        var (whole, cased): ([Form], [Form]) = ([], [])
        for item in items {
            switch item {
            case .range(let range):
                cased.append(item)
                if range.count == 1, let scalar = Unicode.Scalar(range.lowerBound) {
                    cased += strangers(to: scalar)
                }
            case .kind(let kind) where kind.isCased: cased.append(item)
            case .kind, .any, .joined, .not, .folded: whole.append(item)
            }
        }
        if !cased.isEmpty { whole.append(.folded(.union(cased))) }
        return .union(whole)
    }

    /// The other cases of a letter that it is no case of, as `s` is of `ſ`.
    private func strangers(to scalar: Unicode.Scalar) -> [Form] {
        otherCases(of: scalar).filter { !otherCases(of: $0).contains(scalar) }.map { .letter($0) }
    }

    /// A class behind its opening bracket.
    ///
    /// Characters, ranges and names are put together; then `&&`, `--` and `~~` from left to right,
    /// and `-[` as `--[`, which is how XML Schema and with it Table Schema write a difference.
    mutating func letterClass(from start: Int) throws(PatternError) -> LetterClass.Form {
        let isNegated = take("^")
        var operands: [LetterClass.Operand] = []
        var items: [Form] = []
        // With no character before it, the first part is all that either has.
        var operation = Operation.either
        while true {
            guard let scalar = peek else { throw PatternError(start, .openClass) }
            let next = takeOperation(isFirst: items.isEmpty)
            guard scalar == "]" || next != nil else {
                items.append(try item())
                continue
            }
            guard !items.isEmpty else { throw PatternError(position, .emptyClass) }
            operands.append(LetterClass.Operand(operation: operation, form: union(items)))
            guard let next else { break }
            operation = next
            items = []
        }
        position += 1
        let form = operands.count == 1 ? operands[0].form : .joined(operands)
        return isNegated ? .not(form) : form
    }

    private mutating func takeOperation(isFirst: Bool) -> Operation? {
        if take("&&") { return .both }
        if take("--") { return .difference }
        if take("~~") { return .either }
        guard !isFirst, peek == "-", peek(1) == "[" else { return nil }
        position += 1
        return .difference
    }

    /// A character, a range, a name or a class inside of a class.
    private mutating func item() throws(PatternError) -> Form {
        guard let first = try member() else { return try nestedClass() }
        guard peek == "-", let next = peek(1), next != "]", next != "[", next != "-" else {
            return first
        }
        let dash = position
        position += 1
        guard case .range(let low) = first, let last = try member(), case .range(let high) = last,
            low.lowerBound <= high.lowerBound
        else { throw PatternError(dash, .badRange) }
        return .range(low.lowerBound...high.lowerBound)
    }

    /// One character or what stands for some; nil: a class begins.
    private mutating func member() throws(PatternError) -> Form? {
        guard let scalar = peek, scalar != "[" else { return nil }
        let start = position
        position += 1
        guard scalar == "\\" else { return .letter(scalar) }
        switch try escape(from: start, isInClass: true) {
        case .letter(let scalar): return .letter(scalar)
        case .form(let form): return form
        case .check, .lineEnd: throw PatternError(start, .unknownEscape(written(from: start)))
        }
    }

    private mutating func nestedClass() throws(PatternError) -> Form {
        let start = position
        position += 1
        if peek == ":", let form = try posixClass(from: start) { return form }
        return try nested(at: start) { parser throws(PatternError) in
            try parser.letterClass(from: start)
        }
    }

    /// `[:alpha:]` and `[:^alpha:]`; nil: it is none.
    private mutating func posixClass(from start: Int) throws(PatternError) -> Form? {
        guard let end = text[position...].firstIndex(of: "]"), end > position + 1,
            text[end - 1] == ":"
        else { return nil }
        var name = string(position + 1..<end - 1)
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        guard let kind = LetterKind(posix: name) else {
            throw PatternError(start, .unknownProperty(name))
        }
        position = end + 1
        return isNegated ? .not(union([.kind(kind)])) : .kind(kind)
    }

    func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[range])
        return String(view)
    }

    /// What was read since.
    func written(from start: Int) -> String { string(start..<position) }
}
